"""The signature form: what a visitor types, checked field by field. Rendered by crispy-forms with our own pack."""

from functools import lru_cache
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.conf import settings
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from actions.rules.address import LONGEST, deliverable
from actions.rules.errors import BadAddress, BadText
from actions.rules.text import clean_line, clean_text, has_letter

from . import consents
from .models import ConsentText, Petition
from .sealing import Person

NULL = _("There is a character here that cannot be shown. Write the text again.")


class LineField(forms.CharField):
    """One line of a visitor's text: no links, no markup, nothing invisible."""

    refused = _("Write this without links, brackets or invisible characters.")

    def to_python(self, value: Any) -> str:
        try:
            return clean_line(super().to_python(value) or "")
        except BadText:
            raise forms.ValidationError(self.refused, code="refused") from None


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


class SignatureForm(forms.Form):
    """Fields of a petition's form. Optional ones are there only where the petition asks for them."""

    use_required_attribute = (
        False  # the browser's own bubbles are worse than our summary, and not in the page's language
    )

    name = LineField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name."), **too_long(100)},
    )
    email = AddressField(
        label=_("Your e-mail address"),
        max_length=LONGEST,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
        help_text=_("One address, one signature. We send a receipt to it."),
        error_messages={"required": _("Write your e-mail address."), **too_long(LONGEST)},
    )
    country = CountryField(
        label=_("Country"),
        required=False,
        widget=CountrySelect(attrs={"autocomplete": "country"}),
        error_messages={"invalid_choice": _("Choose a country from the list, or leave this empty.")},
    )
    postcode = LineField(
        label=_("Postcode"),
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
        error_messages=too_long(12),
    )
    phone = LineField(
        label=_("Telephone number"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages=too_long(30),
    )
    comment = TextField(
        label=_("Comment"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only our staff can read it."),
        error_messages=too_long(1000),
    )
    contact_action = forms.BooleanField(required=False)
    contact_other = forms.BooleanField(required=False)
    consent_shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(
        self, data: Any = None, *, petition: Petition, language: str, contact_action: str, contact_other: str
    ) -> None:
        super().__init__(data, auto_id="sign-%s")
        self.petition, self.language = petition, language
        self._texts = {"contact_action": contact_action, "contact_other": contact_other}
        self._fingerprint = consents.fingerprint(language=language, **self._texts)
        self._consent_text: ConsentText | None = None
        self._drop_what_is_not_asked()
        self.fields["consent_shown"].initial = self._fingerprint
        self.helper = self._layout()

    def _drop_what_is_not_asked(self) -> None:
        for field in ("country", "postcode", "phone", "comment"):
            if not getattr(self.petition, f"ask_{field}"):
                del self.fields[field]
        for field, text in self._texts.items():
            if text:
                self.fields[field].label = text
            else:
                del self.fields[field]

    def _layout(self) -> FormHelper:
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True  # the page carries no token: the POST is guarded by its origin
        consent = [field for field in self._texts if field in self.fields]
        plain = [field for field in self.fields if field not in self._texts]
        rest = [Fieldset(_("May we contact you?"), *consent)] if consent else []
        helper.layout = Layout(*plain, *rest)
        return helper

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if not has_letter(name):
            raise forms.ValidationError(_("Write your name with letters."), code="letters")
        return name

    def clean(self) -> dict[str, Any]:
        """What was agreed to must be what was shown: a page from before a change of words asks again."""
        cleaned = self.cleaned_data
        shown = cleaned.get("consent_shown") or self._fingerprint
        if shown != self._fingerprint and any(cleaned.get(field) for field in self._texts):
            self._consent_text = consents.known(shown)
            if self._consent_text is None:
                message = _("The words about contact have changed since you opened the page. Read them again.")
                self.add_error(next(field for field in self._texts if field in self.fields), message)
        return cleaned

    def person(self) -> Person:
        """The personal part of a valid form."""
        values = {field: self.cleaned_data.get(field, "") for field in ("postcode", "phone", "comment")}
        return Person(name=self.cleaned_data["name"], email=self.cleaned_data["email"], **values)

    def agreed(self) -> dict[str, Any]:
        """The consents of a valid form, with the version of the words, recorded where it is new."""
        given = {field: bool(self.cleaned_data.get(field)) for field in self._texts}
        text = self._consent_text
        if any(given.values()) and text is None:
            text = consents.record(language=self.language, **self._texts)
        return {**given, "consent_text": text}
