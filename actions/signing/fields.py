"""Fields of a visitor's form: each cleans what loses nothing by it, and refuses the rest with a sentence that names the
field and the sign. What may stand in them is in `rules.typed`, the one table for form, correction and import."""

import unicodedata
from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.forms.utils import flatatt
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from actions.rules import shown_name, typed
from actions.rules.address import COMMON_HOSTS, LONG, NAMED, OFTEN_MISTYPED, suggestion
from actions.rules.alphabet import in_order
from actions.rules.errors import BadAddress, BadText

NO_ADDRESS = _("This does not look like an email address. It should be like name@example.org.")

REFUSED: dict[str, Promise] = {
    "markup": _("%(field)s: %(sign)s cannot stand here. Leave it out."),
    "turn": _("%(field)s: there is an invisible sign in it, %(sign)s. Delete the text and type it anew."),
    "hidden": _("%(field)s: there is an invisible sign in it, %(sign)s. Delete the text and type it anew."),
    "heap": _("%(field)s: there are too many marks on one letter. Leave some out."),
    "link": _("%(field)s: this looks like a web address. Leave it out, or write a space after the full stop."),
    "letters": _("%(field)s: write it with letters."),
    "long": _("%(field)s: this is too long. At most %(longest)d characters have room."),
}
SIGNS: dict[str, Promise] = {
    "<": _("the less-than sign <"),
    ">": _("the greater-than sign >"),
    "{": _("the curly bracket {"),
    "}": _("the curly bracket }"),
    "[": _("the square bracket ["),
    "]": _("the square bracket ]"),
    "\\": _("the backslash \\"),
    "|": _("the vertical line |"),
    "^": _("the caret ^"),
    "~": _("the tilde ~"),
    "`": _("the backtick `"),
}
TURN = _("a mark that turns the direction of writing (%(code)s)")
CONTROL = _("a control character (%(code)s)")
UNKNOWN = _("a character that has no meaning of its own (%(code)s)")


def sign_name(sign: str) -> str:
    """What a sign is called in plain words, in the language at hand; the invisible ones with their code point."""
    if sign in SIGNS:
        return str(SIGNS[sign])
    code = f"U+{ord(sign):04X}"
    if unicodedata.bidirectional(sign) in {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}:
        return TURN % {"code": code}
    return (CONTROL if unicodedata.category(sign) == "Cc" else UNKNOWN) % {"code": code}


def told(error: BadText, *, of: str, label: Any) -> str:
    """Why a text was refused, with the name of its field, in the language at hand."""
    sign = sign_name(error.sign) if error.sign else ""
    return REFUSED[error.why] % {"field": label, "sign": sign, "longest": typed.LONGEST[of]}


class TypedField(forms.CharField):
    """A field of `rules.typed.TABLE`. Nothing is cut off while it is typed or pasted (`maxlength` would do so without a
    word): what is too long is told."""

    def __init__(self, of: str, **more: Any) -> None:
        self.of = of
        super().__init__(**more)

    def to_python(self, value: Any) -> str:
        try:
            return typed.clean(self.of, super().to_python(value) or "")
        except BadText as error:
            raise forms.ValidationError(told(error, of=self.of, label=self.label), code=error.why) from None
        except BadAddress:
            raise forms.ValidationError(_no_address(value), code="address") from None


def _no_address(value: Any) -> str:
    """What is wrong with an address, by name where that is plain."""
    written = str(value).strip()
    if not suggestion(written) or NAMED.search(written):
        return str(NO_ADDRESS)
    if "," in written.rstrip(".,;:"):
        return gettext("There is a comma in the email address. Is it meant as below?")
    if written[-1] in ".,;:":
        return gettext("There is a sign too much at the end of the email address. Is it meant as below?")
    return str(NO_ADDRESS)


class LineField(TypedField):
    """One line of a visitor's text: no links, no markup, nothing invisible."""


class TextField(TypedField):
    """Several lines of a visitor's text."""

    widget = forms.Textarea


class NameField(LineField):
    """A person's name: a line with at least one letter, of any script."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            "name",
            label=_("Your name"),
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
            error_messages={"required": _("Write your name.")},
            **more,
        )


class ShownNameField(LineField):
    """What of a name is shown in public, as its owner wants it. The page's script proposes it where that is sure."""

    def __init__(self, **more: Any) -> None:
        helps = {
            "autocomplete": "off",
            "data-shown-of": shown_name.SURE,
            "data-unsure": " ".join(sorted(shown_name.UNSURE)),
        }
        super().__init__(
            "shown_name",
            label=_("Name that is shown"),
            help_text=_("A first name, say, or initials. Nothing else of your name is shown."),
            widget=forms.TextInput(attrs=helps),
            error_messages={"required": _("Write the name that is to be shown: a first name, say, or initials.")},
            **more,
        )


class AddressField(TypedField):
    """An e-mail address, in the form mail is sent to it. International domains are welcome."""


@lru_cache(maxsize=32)
def country_names(language: str) -> tuple[tuple[str, str], ...]:
    """Codes and names of all countries in a language: the organisation's first, then by the language's alphabet."""
    with override(language):
        names = {code: str(name) for code, name in countries}
    first = [code for code in settings.COUNTRIES_FIRST if code in names]
    rest = in_order((code for code in names if code not in first), language, by=names.__getitem__)
    return tuple((code, names[code]) for code in [*first, *rest])


class CountrySelect(forms.Select):
    """A select that does not render a template for each of its 250 options: they were half the cost of the page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        known = [("", gettext("Choose a country")), *country_names(get_language() or settings.LANGUAGE_CODE)]
        options = format_html_join(
            "", '<option value="{}"{}>{}</option>', ((v, _selected(v == (value or "")), label) for v, label in known)
        )
        return format_html(
            "<select{}>{}</select>", flatatt(self.build_attrs(self.attrs | {"name": name}, attrs)), options
        )


class CountryField(forms.CharField):
    """A country by its code: of ISO 3166, or XK for Kosovo."""

    widget = CountrySelect

    def clean(self, value: Any) -> str:
        code = super().clean(value)
        if code and code not in countries.countries:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return code


def _selected(chosen: bool) -> SafeString:
    return SafeString(" selected" if chosen else "")


def too_long(number: int) -> dict[str, Any]:
    return {"max_length": _("This is too long: write at most %(limit_value)d characters.")} if number else {}


def address_field(**more: Any) -> AddressField:
    """The field for an e-mail address, with everything a browser needs to help with it."""
    helps = {
        "autocomplete": "email",
        "inputmode": "email",
        "spellcheck": "false",
        "autocapitalize": "none",
        "enterkeyhint": "send",
        "data-mistyped": " ".join(OFTEN_MISTYPED),
        "data-common": " ".join(sorted(COMMON_HOSTS)),
        "data-long": str(LONG),
    }
    return AddressField(
        "email",
        label=_("Your email address"),
        widget=forms.EmailInput(attrs=helps),
        error_messages={"required": _("Write your email address.")},
        **more,
    )


class AddressOffered:
    """Of a form with an address: what was probably meant. Offered beside the field, never put in its place."""

    @property
    def suggestion(self) -> str:
        return suggestion(str(self["email"].value() or "")) if self.is_bound else ""  # type: ignore[attr-defined, index]
