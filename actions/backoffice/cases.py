"""The screens of what persons ask for under the law: cases, who asks, what is done, by when.

Nothing is done on one click: the screen asks what, then says what will happen, and does it on the second answer.
"""

import re
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST
from django_countries import countries
from wagtail.admin.viewsets.base import ViewSet

from actions.rules.errors import BadAddress, ChangeRefused
from actions.signing import cases, erase, on_request
from actions.signing.fields import LineField, NameField, ShownNameField, TextField, address_field
from actions.signing.keys import KeyLost
from actions.signing.models import Consent, RightsCase, Signature, WaitingErasure
from actions.signing.on_request import Asked
from actions.signing.opened import TooManyOpened
from actions.signing.own_keys import WrongSecret
from actions.signing.sealing import SealBroken
from home import standing

from . import named
from .guard import needs
from .inputs import LOOKS, DayInput
from .menus import item_for
from .screens import WRONG_SECRET, show, too_many

RIGHT = "actions.delete_signer"
WHO_ASKS = _("First write down how it was made sure who asks.")
MOST_CLOSED = 50  # in the list

# Verb: what it is called, and what will happen. The order is that of the screen.
VERBS = {
    "correct": (
        _("Correct the data"),
        _(
            "What you write takes the place of what is stored. Links in emails that went to an old address open "
            "nothing any more; a new address gets a link, and no other email before it was opened and answered. A "
            "corrected name appears on the page some hours later."
        ),
    ),
    "stop_action": (_("End contact about this action"), _("No more emails about this action.")),
    "stop_other": (
        _("End contact about other work"),
        _("No more emails about other work; the membership system is told."),
    ),
    "hide": (_("Take the name off the page"), _("The name is off the page at once.")),
    "number_only": (
        _("Hand over the number only"),
        _(
            "The name stands on no list that is made from now on, and packages that hold it are deleted. What was "
            "handed over before cannot be fetched back."
        ),
    ),
    "restrict": (
        _("Restrict the use (art. 18)"),
        _(
            "The data are kept and used for nothing: not listed, exported, shown "
            "or mailed. Files that hold them are deleted. The signature counts. It can be lifted."
        ),
    ),
    "lift": (_("Lift the restriction"), _("What was agreed to holds again. Tell the person before you do it.")),
    "object": (
        _("Note an objection (art. 21)"),
        _(
            "All contact ends, the name is off the page and on no list that is "
            "made from now on, and files that hold it are deleted. The signature counts."
        ),
    ),
    "withdraw": (
        _("Withdraw the signature"),
        _(
            "The number of the action goes down by one, and everything about the person in this signature is erased. "
            "Nobody can undo it."
        ),
    ),
    "erase": (
        _("Erase the person"),
        _("Everything about the person in this signature is erased; the number stays. Nobody can undo it."),
    ),
}
NUMBER = re.compile(r"(?=.*\d)[\w./:#-]+")
FOR_EVER = {"withdraw", "erase"}
ENDS = {
    "stop_action": [Consent.CONTACT_ACTION],
    "stop_other": [Consent.CONTACT_OTHER],
    "hide": [Consent.SHOW_NAME],
    "number_only": [Consent.HAND_OVER_NAME],
}


class CaseForm(forms.ModelForm):
    """What a person asks for. The address is looked for, and not kept."""

    email = address_field()
    field_order = ["email", "kind", "reference", "received_on", "identity"]

    class Meta:
        model = RightsCase
        fields = ["kind", "reference", "received_on", "identity"]
        widgets = {"received_on": DayInput}

    def __init__(self, *args: Any, signature: Signature | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reference"].widget.attrs |= LOOKS
        if signature:  # found already, and it is about this one alone
            del self.fields["email"]
        else:
            self.fields["email"].label = _("Email address")
            self.fields["email"].help_text = _("To find what the person signed. It is not kept in the case.")
            self.fields["email"].widget.attrs |= LOOKS
        _two_kinds_of_nothing(self.fields["identity"])

    def clean_received_on(self):
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean_reference(self):
        return _no_address(self.cleaned_data["reference"])


def _no_address(text: str) -> str:
    """A number of a case: digits, and letters that stand in one piece with a digit. It outlives the person."""
    if "@" in text:
        raise forms.ValidationError(_("Write no address here: it would stay when the person is erased."))
    if not all(NUMBER.fullmatch(part) for part in text.split()):
        raise forms.ValidationError(_("Write a number, such as 2026/14 or SAK-2026-14: a name would stay here."))
    return text


def _two_kinds_of_nothing(field: Any) -> None:
    """The empty choice has a name of its own."""
    field.choices = RightsCase.Identity.choices


class NoteForm(forms.ModelForm):
    class Meta:
        model = RightsCase
        fields = ["identity", "extended"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _two_kinds_of_nothing(self.fields["identity"])


class DoForm(forms.Form):
    """What is to be done, and to which of the signatures."""

    which = forms.TypedMultipleChoiceField(
        label=_("Which signatures"), coerce=UUID, widget=forms.CheckboxSelectMultiple
    )
    verb = forms.ChoiceField(
        label=_("What to do"), choices=[(verb, told[0]) for verb, told in VERBS.items()], widget=forms.RadioSelect
    )

    def __init__(self, case: RightsCase, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["which"].choices = [(str(pk), str(pk)) for pk in case.signatures]


class CorrectForm(forms.Form):
    """Corrected fields; what is left empty stays as it is."""

    name = NameField()
    shown_name = ShownNameField()
    email = address_field()
    postcode = LineField("postcode", label=_("Postcode"))
    place = LineField("place", label=_("Place"))
    country = forms.ChoiceField(label=_("Country"), choices=lambda: [("", "–"), *countries])
    phone = LineField("phone", label=_("Telephone number"))
    comment = TextField("comment", label=_("Comment"))
    clear = forms.MultipleChoiceField(
        label=_("Delete these"),
        required=False,
        choices=[
            (name, _name)
            for name, _name in (
                ("shown_name", _("Name that is shown")),
                ("postcode", _("Postcode")),
                ("place", _("Place")),
                ("country", _("Country")),
                ("phone", _("Telephone number")),
                ("comment", _("Comment")),
            )
        ],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label, self.fields["email"].label = _("Name"), _("Email address")
        self.fields["shown_name"].help_text = _("Of somebody who agreed that a name is shown on the page.")
        for name, field in self.fields.items():
            field.required = False
            if name != "clear":
                field.widget.attrs |= LOOKS | {"autocomplete": "off"}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not self.changed(given):
            raise forms.ValidationError(_("Write at least one corrected field."))
        return given

    def changed(self, given: dict[str, Any] | None = None) -> dict[str, str]:
        given = self.cleaned_data if given is None else given
        written = {name: given[name] for name in on_request.FIELDS if given.get(name)}
        return dict.fromkeys(given.get("clear") or [], "") | written


@sensitive_post_parameters()
@sensitive_variables()
@needs(RIGHT)
def case_list(request: HttpRequest) -> HttpResponse:
    """Open cases, what is due first at the top, and a form to begin one: about an address, or about one signature."""
    about = _signature(request.GET.get("signature", ""))
    form = CaseForm(request.POST or None, initial={"received_on": timezone.localdate()}, signature=about)
    if request.method == "POST" and form.is_valid():
        try:
            case = cases.begin(**form.cleaned_data, signature=about, by=request.user)
        except BadAddress:
            form.add_error("email", _("This does not look like an email address. It should be like name@example.org."))
        except WrongSecret:
            form.add_error(None, WRONG_SECRET)
        except TooManyOpened as refused:
            form.add_error(None, too_many(refused))
        else:
            return redirect("cases:case", pk=case.pk)
    closed = RightsCase.objects.exclude(done_at=None).order_by("-done_at")[:MOST_CLOSED]
    context = {"form": form, "open": cases.open_cases(), "closed": closed, "about": about}
    return show(request, "cases", context, title=_("Cases"), icon="tasks")


def _signature(number: str) -> Signature | None:
    """The one a case is to be about; 404 where there is none of this number."""
    if not number:
        return None
    try:
        return get_object_or_404(Signature.objects.select_related("petition"), pk=UUID(number), signer__isnull=False)
    except ValueError:
        raise Http404 from None


@sensitive_post_parameters()
@sensitive_variables()
@needs(RIGHT)
def one_case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: who asks, what is done about which signatures, and what came of it."""
    case = get_object_or_404(RightsCase, pk=pk)
    form = DoForm(case, request.POST if "ask" in request.POST or "do" in request.POST else None)
    if request.method == "POST":
        answer = _post(request, case, form)
        if answer is not None:
            return answer
    return _shown(request, case, form)


def _shown(request: HttpRequest, case: RightsCase, form: DoForm, **more: Any) -> HttpResponse:
    context = {
        "case": case,
        "rows": cases.signatures(case),
        "reminders": cases.reminders_of(case),
        "form": form,
        "chosen": [str(pk) for pk in form.data.getlist("which")]
        if form.is_bound
        else [str(pk) for pk in case.signatures],
        "note": NoteForm(instance=case),
        "done": [(made.at, made.get_verb_display(), named.why(made)) for made in cases.done_in(case)],
        "outcomes": RightsCase.Outcome.choices,
    }
    response = show(request, "case", context | more, title=gettext("Case %(n)s") % {"n": case}, icon="tasks")
    response["Cache-Control"] = "no-store"
    return response


def _post(request: HttpRequest, case: RightsCase, form: DoForm) -> HttpResponse | None:
    if case.done_at:
        messages.error(request, gettext("This case is closed."))
        return redirect("cases:case", pk=case.pk)
    if "note" in request.POST:
        note = NoteForm(request.POST, instance=RightsCase(pk=case.pk))
        if note.is_valid():
            cases.note(case, **note.cleaned_data)
        return redirect("cases:case", pk=case.pk)
    if not form.is_valid():
        return None
    if not case.is_sure:
        form.add_error(None, WHO_ASKS)
        return None
    return _confirm_or_do(request, case, form)


def _confirm_or_do(request: HttpRequest, case: RightsCase, form: DoForm) -> HttpResponse | None:
    verb, which = form.cleaned_data["verb"], cases.of_case(case, form.cleaned_data["which"])
    correction = CorrectForm(request.POST if "do" in request.POST else None) if verb == "correct" else None
    if "do" in request.POST and (correction is None or correction.is_valid()):
        asked = Asked(which, request.user, cases.purpose_of(case))
        done, refused = _try(verb, asked, correction)
        if refused:
            form.add_error(None, refused)
            return None
        if done:
            standing.forget()  # a name may be off the page
            messages.success(request, done.receipt or gettext("It is done, and recorded."))
            if waiting := WaitingErasure.objects.filter(pk__in=asked.signatures).count():
                messages.warning(request, _waits(waiting))
        else:
            messages.info(request, gettext("It was so already. Nothing was changed."))
        return redirect("cases:case", pk=case.pk)
    told = {"verb": verb, "label": VERBS[verb][0], "what_happens": _happens(verb, which), "for_ever": verb in FOR_EVER}
    count = ngettext("%(n)s signature", "%(n)s signatures", len(which)) % {"n": len(which)}
    return _shown(request, case, form, confirm=told, correction=correction, count=count)


def _happens(verb: str, which: list[UUID]) -> Any:
    """What will happen; what is to be erased under a legal hold waits for the end of that."""
    held = Signature.objects.filter(pk__in=which, petition__legal_hold=True).count() if verb in FOR_EVER else 0
    if not held:
        return VERBS[verb][1]
    return _waits(held) if held == len(which) else f"{VERBS[verb][1]} {_waits(held)}"


class Done(NamedTuple):
    """For how many signatures something was done, and what may be told of it."""

    number: int
    receipt: str = ""

    def __bool__(self) -> bool:
        return self.number > 0


NOTHING = Done(0)


def _waits(number: int) -> str:
    told = ngettext(
        "%(n)s signature is under a legal hold: its data is used for nothing any more, and erased when the hold is "
        "lifted. Tell the person so.",
        "%(n)s signatures are under a legal hold: their data is used for nothing any more, and erased when the hold is "
        "lifted. Tell the person so.",
        number,
    )
    return told % {"n": number}


def _try(verb: str, asked: Asked, correction: CorrectForm | None) -> tuple[Done, str]:
    """Do it; returns what was done, and a sentence where it cannot be done."""
    try:
        return _do(verb, asked, correction), ""
    except ChangeRefused:
        return NOTHING, gettext(
            "The action has ended, and its number stands: erase the person instead. Nothing was changed."
        )
    except on_request.Taken:
        return NOTHING, gettext(
            "The new address has signed the same form itself, or its owner wants nobody to sign with it. Nothing was "
            "changed."
        )
    except BadAddress:
        return NOTHING, gettext("This does not look like an email address. It should be like name@example.org.")
    except WrongSecret:
        return NOTHING, str(WRONG_SECRET)
    except KeyLost:
        return NOTHING, gettext("A key is missing on this machine. Nothing was changed.")
    except SealBroken:
        return NOTHING, gettext("What is stored cannot be opened, so it cannot be corrected. Nothing was changed.")


def _do(verb: str, asked: Asked, correction: CorrectForm | None) -> Done:
    if correction is not None:
        return Done(on_request.correct(asked, changed=correction.changed()))
    if verb in ENDS:
        return Done(on_request.end(asked, ENDS[verb]))
    if verb == "erase":
        made = erase.erase_signatures(asked.signatures, by=asked.by, purpose=asked.purpose)
        told = gettext("It is done, and recorded. Receipt for the person: %(number)s") % {"number": made.number}
        return Done(made.signatures + made.waiting, told)
    do = {
        "restrict": on_request.restrict,
        "lift": on_request.lift,
        "object": on_request.take_objection,
        "withdraw": on_request.withdraw,
    }
    return Done(do[verb](asked))


@require_POST
@needs(RIGHT)
def close_case(request: HttpRequest, pk: int) -> HttpResponse:
    """The person was answered."""
    case = get_object_or_404(RightsCase, pk=pk)
    outcome = request.POST.get("outcome", "")
    if outcome not in RightsCase.Outcome.values:
        messages.error(request, gettext("Choose what came of it."))
        return redirect("cases:case", pk=pk)
    try:
        cases.close(case, outcome=outcome)
    except ChangeRefused:
        messages.error(request, gettext("This case is closed."))
    return redirect("cases:index")


class CasesViewSet(ViewSet):
    menu_item_class = item_for(RIGHT)
    name = "cases"
    url_prefix = "cases"
    icon = "tasks"
    menu_label = _("Cases")

    def get_urlpatterns(self):
        return [
            path("", case_list, name="index"),
            path("<int:pk>/", one_case, name="case"),
            path("<int:pk>/close/", close_case, name="close"),
        ]


def url_of(case: RightsCase) -> str:
    return reverse("cases:case", args=[case.pk])
