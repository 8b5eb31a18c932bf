"""The signature form: what a visitor types, checked field by field. Rendered by crispy-forms with our own pack."""

from copy import deepcopy
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Fieldset, Layout
from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actions.rules.hand_over import columns
from actions.rules.languages import marked
from actions.rules.shown_name import proposed

from . import consents, hand_over
from .fields import (
    AddressOffered,
    CountryField,
    CountrySelect,
    LineField,
    NameField,
    ShownNameField,
    TextField,
    address_field,
)
from .models import ConsentText, Hold, Petition
from .sealing import Person

OF_THE_NAME = ("show_name", "hand_over_name")
TICKED = "on"  # what a tick says that names no age: one of a page that an earlier version made


class Folded(Div):
    """Fields behind one line: what need not be filled in. It is open where something in it was typed or is wrong."""

    template = "accessible/layout/folded.html"

    def __init__(self, *fields: Any, is_open: bool) -> None:
        super().__init__(*fields)
        self.is_open = is_open


class SignatureForm(AddressOffered, forms.Form):
    """Fields of a petition's form. Optional ones are there only where the petition asks for them."""

    use_required_attribute = (
        False  # the browser's own bubbles are worse than our summary, and not in the page's language
    )

    name = NameField()
    email = address_field(help_text=_("One signature for each address."))
    country = CountryField(
        label=_("Country"),
        required=False,
        widget=CountrySelect(attrs={"autocomplete": "country"}),
        error_messages={"invalid_choice": _("Choose a country from the list, or leave this empty.")},
    )
    postcode = LineField(
        "postcode",
        label=_("Postcode"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    phone = LineField(
        "phone",
        label=_("Telephone number"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    comment = TextField(
        "comment",
        label=_("Comment"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only our staff can read it."),
    )
    place = LineField(
        "place",
        label=_("Place"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    # The age that stood in the sentence at the button, or at the tick.
    old_enough = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    contact_action = forms.BooleanField(required=False)
    contact_other = forms.BooleanField(required=False)
    show_name = forms.BooleanField(
        label=_(
            "Show the name I write here, and my place, on the page. It appears some hours after I have confirmed it by "
            "email, and I can take it away."
        ),
        required=False,
    )
    shown_name = ShownNameField(required=False)
    hand_over_name = forms.BooleanField(required=False)
    # Nobody sees this one; programs that fill in everything do.
    website = forms.CharField(
        required=False, max_length=2000, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"})
    )
    # Seconds from page to signature, from the script; empty without it.
    seconds = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    consent_shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    notice_shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    # Set where the form promised that no mail names the action.
    high_risk_shown = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        petition: Petition,
        language: str,
        contact_action: str,
        contact_other: str,
        written_in: str = "",
        notice: hand_over.Notice | None = None,
    ) -> None:
        """`written_in` is the language of the words of consent where it is not that of the page; `notice` is what the
        page says of a list of names, and None where only the number is handed over."""
        self._texts = {"contact_action": contact_action, "contact_other": contact_other}
        # Every signature passes here, and a form that is only checked changes no field: it uses those of the class.
        self.base_fields = {}  # type: ignore[misc]
        super().__init__(data, auto_id="sign-%s")
        self.notice = notice
        self.fields = self._asked(petition)
        self.petition, self.language, self._written_in = petition, language, written_in
        self._notice_id: int | None = None
        offered = {field: str(type(self).base_fields[field].label) for field in OF_THE_NAME}
        words = self._texts | offered | {"hand_over_name": notice.agreed_to if notice else ""}
        self._words = {field: text if field in self.fields else "" for field, text in words.items()}
        self._fingerprint = consents.fingerprint(language=language, **self._words)
        self._consent_text: ConsentText | None = None
        self._is_own = False
        if not self.is_bound:
            self._own_fields()

    def full_clean(self) -> None:
        super().full_clean()
        if self.errors:  # it will be shown again
            self._own_fields()

    def _own_fields(self) -> None:
        """Copies of the fields, with what only this form says: its labels, and its fingerprint."""
        if self._is_own:
            return
        self._is_own = True
        self.fields = deepcopy(self.fields)
        self._bound_fields_cache: dict[str, Any] = {}
        self._label()
        self.fields["consent_shown"].initial = self._fingerprint
        if self.notice:
            self.fields["notice_shown"].initial = self.notice.fingerprint
        if "high_risk_shown" in self.fields:
            self.fields["high_risk_shown"].initial = True
        for field in self.fields.values():
            if field.required:  # said to screen readers; the browser's own check would speak its own language
                field.widget.attrs["aria-required"] = "true"

    def _asked(self, petition: Petition) -> dict[str, forms.Field]:
        """The fields that this petition asks for."""
        offered = {
            **{field: getattr(petition, f"ask_{field}") for field in ("country", "postcode", "phone", "comment")},
            "old_enough": petition.minimum_age,
            "place": petition.asks_place,
            "show_name": petition.show_names,
            "shown_name": petition.show_names,
            "hand_over_name": self.notice,
            "notice_shown": self.notice,
            "high_risk_shown": self.is_bound or petition.high_risk,
            # Where risk is high no mail is sent, so none is offered.
            **{field: text and not petition.high_risk for field, text in self._texts.items()},
        }
        return {name: field for name, field in type(self).base_fields.items() if offered.get(name, True)}

    def _label(self) -> None:
        self.fields["name"].widget.attrs["enterkeyhint"] = "next"
        if "old_enough" in self.fields:
            self.fields["old_enough"].label = self._age_words()
        for field, text in self._texts.items():
            if field in self.fields:
                self.fields[field].label = marked(text, self._written_in)
        if self.notice:
            self.fields["hand_over_name"].label = self.notice.label
        if "place" in self.fields:
            self.fields["place"].help_text = self._what_place_is_for()

    def _age_words(self) -> str:
        """Who signs says the age by signing, or, where signing may be dangerous, with a tick of its own."""
        age = {"age": self.petition.minimum_age}
        if self.petition.high_risk:
            return gettext("I am %(age)s years old or older.") % age
        return gettext("By signing you confirm that you are %(age)s years old or older.") % age

    def _what_place_is_for(self) -> str:
        on_the_list = self.notice is not None and "place" in columns(self.notice.level)
        if on_the_list and self.petition.show_names:
            return gettext("Shown beside the name on the page, and handed over with your name, if you tick so below.")
        if on_the_list:
            return gettext("Handed over with your name, if you tick so below.")
        return gettext("Shown beside the name on the page, if you tick so below.")

    @property
    def ticks(self) -> list[str]:
        """The consents that are offered beside the signature."""
        return [field for field in self._words if field in self.fields]

    @cached_property
    def helper(self) -> FormHelper:
        """How crispy-forms lays the form out; a form that is only checked needs none."""
        self._own_fields()
        return self._layout()

    def _layout(self) -> FormHelper:
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True  # the page carries no token: the POST is guarded by its origin
        shown = [name for name, field in self.fields.items() if not field.widget.is_hidden]
        apart = {"name", "email", *self._texts, *OF_THE_NAME, "shown_name", "website"}
        folded: list[Any] = [field for field in shown if field not in apart]
        if "show_name" in self.fields:
            folded.append(Fieldset(_("May we show your name?"), "show_name", "shown_name"))
        if consent := [field for field in self._texts if field in self.fields]:
            folded.append(Fieldset(_("May we contact you?"), *consent))
        rest: list[Any] = [Folded(*folded, is_open=self._something_folded())] if folded else []
        if "hand_over_name" in self.fields:  # last: what it means stands beside the button
            rest.append(Fieldset(_("May we hand over your name?"), "hand_over_name"))
        # Where the age is said the template says: right above the button.
        unseen = [name for name, field in self.fields.items() if field.widget.is_hidden and name != "old_enough"]
        trap = Field("website", template="accessible/trap.html")
        helper.layout = Layout("name", "email", *rest, *unseen, trap)
        return helper

    def _something_folded(self) -> bool:
        """Whether something was typed, or is wrong, among what need not be filled in."""
        folded = set(self.fields) - {"name", "email", "old_enough", "hand_over_name", "website"}
        return self.is_bound and any(
            self.errors.get(name) or self[name].value() for name in folded if not self.fields[name].widget.is_hidden
        )

    def clean_website(self) -> str:
        return self.cleaned_data["website"][:1]  # that it is filled in is all anybody needs to know

    def clean_old_enough(self) -> str:
        """The page must have named an age no lower than today's: one that was left open may be older than the rule."""
        said = self.cleaned_data["old_enough"]
        if said == TICKED or (said.isascii() and said.isdigit() and int(said) >= (self.petition.minimum_age or 0)):
            return said
        if self.petition.high_risk:
            raise forms.ValidationError(_("Tick that you are old enough to sign."), code="age")
        raise forms.ValidationError(_("Read the sentence about your age, and press the button again."), code="age")

    def clean(self) -> dict[str, Any]:
        """What was agreed to must be what was shown: a page from before a change of words asks again."""
        cleaned = self.cleaned_data
        if cleaned.get("high_risk_shown") and not self.petition.high_risk:
            message = _("This form has changed since you opened the page. Read it again before you sign.")
            self.add_error(None, message)
        if cleaned.get("show_name") and "shown_name" not in self.errors and not cleaned.get("shown_name"):
            self._ask_what_is_shown(cleaned.get("name", ""))
        shown = cleaned.get("consent_shown") or self._fingerprint
        if shown != self._fingerprint and any(cleaned.get(field) for field in self._words):
            self._consent_text = consents.known(shown)
            if self._consent_text is None:
                message = _("The words have changed since you opened the page. Read them again.")
                self.add_error(next(field for field in self._words if field in self.fields), message)
        if self.notice and cleaned.get("hand_over_name") and not self.errors:
            # A page that said nothing of it, or what no form of this petition ever said, was told nothing.
            shown = cleaned.get("notice_shown", "")
            self._notice_id = hand_over.record(petition=self.petition, shown=shown, notice=self.notice)
            if self._notice_id is None:
                message = _("What is handed over has changed since you opened the page. Read it again.")
                self.add_error("hand_over_name", message)
        return cleaned

    def _ask_what_is_shown(self, name: str) -> None:
        """Nothing is shown that was not seen: what is proposed stands in the field, to be agreed to or changed."""
        if not (proposal := proposed(name)):
            self.add_error("shown_name", type(self).base_fields["shown_name"].error_messages["required"])
            return
        again: Any = self.data.copy()  # type: ignore[attr-defined]
        again["shown_name"] = proposal
        self.data = again
        self.add_error("shown_name", _("Look at the name that would be shown. Is it right? Then send the form again."))

    def person(self) -> Person:
        """The personal part of a valid form. A name to be shown is there only where showing it was agreed to."""
        optional = ("postcode", "phone", "place", "comment")
        values = {field: self.cleaned_data.get(field, "") for field in optional}
        if self.cleaned_data.get("show_name"):
            values["shown_name"] = self.cleaned_data["shown_name"]
        return Person(name=self.cleaned_data["name"], email=self.cleaned_data["email"], **values)

    def agreed(self) -> dict[str, Any]:
        """The consents of a valid form, with the version of the words, recorded where it is new."""
        given = {field: bool(self.cleaned_data.get(field)) for field in self._words}
        text = self._consent_text
        if any(given.values()) and text is None:
            text = consents.record(language=self.language, **self._words)
        del given["hand_over_name"]  # by its notice
        return {**given, "consent_text": text}

    def choices(self) -> dict[str, Any]:
        """What else a valid form says, as `sign` takes it."""
        return {
            "country": self.cleaned_data.get("country", ""),
            "hand_over_notice": self._notice_id,
            **self.agreed(),
        }

    def suspicion(self, *, fastest: int) -> str:
        """What a valid form itself makes suspicious: a `Hold.Reason`, or nothing.

        A pace is only known where the page's script ran, and counts from the page to the button: a browser that fills
        in everything at once takes longer than `fastest` seconds all the same.
        """
        if self.cleaned_data.get("website"):
            return Hold.Reason.TRAP
        seconds = self.cleaned_data.get("seconds", "")
        if fastest and seconds.isascii() and seconds.isdigit() and int(seconds) < fastest:
            return Hold.Reason.PACE
        return ""


def asked_of(petition: Petition) -> list[tuple[str, bool]]:
    """Labels of the fields a petition's form asks for, for its privacy notice, and whether each must be given."""
    form = SignatureForm(petition=petition, language="", contact_action="", contact_other="")
    hidden = {"website", "seconds", "consent_shown", "high_risk_shown", "old_enough", "show_name", "shown_name"}
    return [(str(field.label), field.required) for name, field in form.fields.items() if name not in hidden]
