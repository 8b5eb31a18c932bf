"""Fields of a visitor's form: each cleans what loses nothing by it, and refuses the rest with a sentence."""

from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from actions.rules.address import LONGEST, OFTEN_MISTYPED, deliverable
from actions.rules.errors import BadAddress, BadText
from actions.rules.text import clean_line, clean_text, has_letter

NULL = _("There is a character here that cannot be shown. Write the text again.")


class LineField(forms.CharField):
    """One line of a visitor's text: no links, no markup, nothing invisible."""

    refused = _("Write this without links, brackets or invisible characters, and with a space after a full stop.")

    def to_python(self, value: Any) -> str:
        try:
            return clean_line(super().to_python(value) or "")
        except BadText:
            raise forms.ValidationError(self.refused, code="refused") from None


class NameField(LineField):
    """A person's name: a line with at least one letter, of any script."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Your name"),
            max_length=100,
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
            error_messages={"required": _("Write your name."), **too_long(100)},
        )

    def clean(self, value: Any) -> str:
        if not has_letter(name := super().clean(value)):
            raise forms.ValidationError(_("Write your name with letters."), code="letters")
        return name


class TextField(forms.CharField):
    """Several lines of a visitor's text."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        try:
            return clean_text(super().to_python(value) or "")
        except BadText:
            raise forms.ValidationError(NULL, code="refused") from None


class AddressField(forms.CharField):
    """An e-mail address, in the form mail is sent to it. International domains are welcome."""

    def to_python(self, value: Any) -> str:
        address = super().to_python(value)
        if not address:
            return ""
        try:
            return deliverable(address)
        except BadAddress:
            raise forms.ValidationError(
                _("This does not look like an e-mail address. It should be like name@example.org."),
                code="address",
            ) from None


@lru_cache(maxsize=32)
def country_names(language: str) -> tuple[tuple[str, str], ...]:
    """Codes and names of all countries in a language, by name."""
    with override(language):
        return tuple((code, str(name)) for code, name in countries)


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
    """A country of ISO 3166, by its code."""

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
    }
    return AddressField(
        label=_("Your e-mail address"),
        max_length=LONGEST,
        widget=forms.EmailInput(attrs=helps),
        error_messages={"required": _("Write your e-mail address."), **too_long(LONGEST)},
        **more,
    )
