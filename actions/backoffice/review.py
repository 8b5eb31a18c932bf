"""The review desk of a form: what is held, deciding about one, some or many by a rule, and undoing a decision."""

import re
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST
from django_countries import countries

from actions.signing import counting, names, review
from actions.signing.keys import KeyLost
from actions.signing.models import Hold, Petition, PublicName, ReviewRule
from actions.signing.opened import TooManyOpened
from actions.signing.review import Criteria, Verb

from . import tasks
from .guard import needs
from .inputs import MomentInput
from .screens import TEXT_INPUT, show, too_many
from .signatures import OPEN, PurposeForm, open_names

ON_A_PAGE = 50


class DecisionForm(forms.Form):
    """What to do with which signatures, and why. All criteria that are filled in must hold."""

    verb = forms.ChoiceField(
        label=_("What"),
        widget=forms.RadioSelect,
        choices=[
            (Verb.RELEASE, _("Count them (those that are held)")),
            (Verb.HOLD, _("Hold them (their signers are asked to confirm)")),
            (Verb.INVALIDATE, _("Take them out")),
        ],
    )
    signed_from = forms.DateTimeField(label=_("Signed from"), required=False, widget=MomentInput)
    signed_before = forms.DateTimeField(label=_("Signed before"), required=False, widget=MomentInput)
    country = forms.ChoiceField(label=_("Country"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    held_because = forms.ChoiceField(label=_("Held because"), required=False)
    network = forms.RegexField(
        r"^[0-9a-f]{16}$",
        label=_("Network"),
        required=False,
        widget=forms.TextInput(attrs=TEXT_INPUT),
        help_text=_("The sixteen signs in the list of held signatures. They stand for one network during one hour."),
    )
    domain = forms.CharField(
        label=_("Email domain"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs=TEXT_INPUT),
        help_text=_("Such as example.org. Opens the signers to look, which is recorded."),
    )
    name_pattern = forms.CharField(
        label=_("Name pattern"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs=TEXT_INPUT),
        help_text=_("A regular expression, such as ^test. Opens the signers to look, which is recorded."),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        widget=forms.TextInput(attrs=TEXT_INPUT),
        help_text=_("Kept with your name and the time."),
    )

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        anything = ("", _("any"))
        self.fields["country"].choices = [anything, *countries]
        self.fields["language"].choices = [anything, *settings.LANGUAGES]
        self.fields["held_because"].choices = [anything, *Hold.Reason.choices]

    def clean_name_pattern(self) -> str:
        text = self.cleaned_data["name_pattern"]
        try:
            review.pattern(text)
        except review.BadPattern:
            told = _(
                "This is no regular expression that can be looked for. Check its brackets, and look for less at once."
            )
            raise forms.ValidationError(told) from None
        return text

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not any(cleaned.get(field) for field in cleaned if field not in ("verb", "reason")):
            raise forms.ValidationError(_("Fill in at least one line that says which signatures are meant."))
        return cleaned

    def criteria(self) -> Criteria:
        given = self.cleaned_data
        return Criteria(
            signed_from=given["signed_from"].isoformat() if given["signed_from"] else "",
            signed_before=given["signed_before"].isoformat() if given["signed_before"] else "",
            reason=given["held_because"],
            **{field: given[field] for field in ("country", "language", "network", "domain", "name_pattern")},
        )


class ChosenForm(forms.Form):
    """Signatures ticked in the list."""

    verb = forms.ChoiceField(choices=[(Verb.RELEASE, ""), (Verb.INVALIDATE, "")])
    ids = forms.TypedMultipleChoiceField()
    reason = forms.CharField(label=_("Why"), max_length=200, widget=forms.TextInput(attrs=TEXT_INPUT))

    def __init__(self, data=None, *, known: list[str] | None = None):
        super().__init__(data, auto_id="chosen-%s")
        self.fields["ids"].choices = [(pk, pk) for pk in known or []]


@sensitive_post_parameters()
@sensitive_variables()
@needs("actions.add_reviewrule")
def review_signatures(request, pk: int):
    """What is held, a rule to decide by, and what was decided before."""
    petition = get_object_or_404(Petition, pk=pk)
    held = Hold.objects.filter(signature__petition=petition).order_by("pk")
    held = held.select_related("signature__signer", "signature__restriction")
    after = request.GET.get("after", "")
    rows = list((held.filter(pk__gt=after) if _is_id(after) else held)[: ON_A_PAGE + 1])
    form, expected = DecisionForm(initial=request.GET.dict() | {"verb": request.GET.get("verb", Verb.RELEASE)}), None
    chosen_wrong, opened, purpose = False, None, PurposeForm(prefix="names")
    if request.method == "POST" and "open" in request.POST:
        purpose = PurposeForm(request.POST, prefix="names")
        opened = open_names(request, petition, [hold.signature for hold in rows[:ON_A_PAGE]], purpose)
    elif request.method == "POST" and "names" in request.POST:
        ticked = filter(_is_id, request.POST.getlist("names"))
        if "show" in request.POST:
            n = names.show(petition, ticked, by=request.user)
            told = ngettext("%(n)s name may appear now.", "%(n)s names may appear now.", n)
        else:
            n = names.hide(petition, ticked, by=request.user)
            told = ngettext("%(n)s name is off the page.", "%(n)s names are off the page.", n)
        messages.success(request, told % {"n": n})
        return redirect(reverse("petition:review", args=[pk]) + "#names")
    elif request.method == "POST" and "chosen" in request.POST:
        chosen = ChosenForm(request.POST, known=request.POST.getlist("ids"))
        if chosen.is_valid() and all(map(_is_id, chosen.cleaned_data["ids"])):
            ids = tuple(chosen.cleaned_data["ids"])
            return _decide(request, petition, chosen, Criteria(ids=ids), len(ids))
        chosen_wrong = True
    elif request.method == "POST":
        form = DecisionForm(request.POST)
        if form.is_valid():
            expected = _count(request, petition, form)
            if expected is not None and "do" in request.POST:
                return _decide(request, petition, form, form.criteria(), expected)
    context = {
        "petition": petition,
        "now": timezone.now(),
        "held": rows[:ON_A_PAGE],
        "next": rows[ON_A_PAGE - 1].pk if len(rows) > ON_A_PAGE else None,
        "reasons": _by_reason(held),
        "form": form,
        "expected": expected,
        "chosen": ChosenForm(),
        "chosen_wrong": chosen_wrong,
        "opened": opened,
        "purpose": purpose,
        "may_open": request.user.has_perm(OPEN) and not petition.forgotten_at,
        "names": PublicName.objects.filter(petition=petition).order_by("-waits", "-shown_from")[:100],
        "funnel": counting.funnel(petition),
        "rules": petition.review_rules.select_related("by")[:30],
    }
    response = show(
        request, "review", context, title=_("Review signatures"), icon="tasks", petition=petition, tab="review"
    )
    if opened is not None:
        response["Cache-Control"] = "no-store"
    return response


def _by_reason(held) -> list[tuple[str, int]]:
    labels = dict(Hold.Reason.choices)
    return [(labels[reason], n) for reason, n in held.values_list("reason").annotate(n=Count("pk")).order_by("-n")]


def _count(request, petition: Petition, form: DecisionForm) -> int | None:
    try:
        criteria = form.criteria()
        return review.count(petition=petition, verb=Verb(form.cleaned_data["verb"]), criteria=criteria, by=request.user)
    except KeyLost:
        form.add_error(None, _("The key of this form is not here, so names and domains cannot be looked at."))
    except TooManyOpened as refused:
        form.add_error(None, too_many(refused))
    return None


def _decide(request, petition: Petition, form, criteria: Criteria, expected: int):
    rule = review.decide(
        petition=petition,
        verb=Verb(form.cleaned_data["verb"]),
        criteria=criteria,
        reason=form.cleaned_data["reason"],
        by=request.user,
        expected=expected,
    )
    tasks.carry_out.enqueue(rule.pk)
    told = ngettext("%(n)s signature is being changed.", "%(n)s signatures are being changed.", expected)
    messages.success(request, told % {"n": expected})
    return redirect(reverse("petition:review", args=[petition.pk]) + "#decisions")


@require_POST
@needs("actions.add_reviewrule")
def undo_decision(request, pk: int, rule: int):
    """Put everything a decision changed back to what it was."""
    found = get_object_or_404(ReviewRule, pk=rule, petition=pk)
    tasks.undo.enqueue(found.pk, request.user.pk)
    messages.success(request, gettext("The decision is being undone."))
    return redirect(reverse("petition:review", args=[pk]) + "#decisions")


def of_network(petition: Petition, network: bytes) -> str:
    """The address of the desk with a rule for one network filled in."""
    query = urlencode({"network": network.hex(), "verb": Verb.INVALIDATE})
    return f"{reverse('petition:review', args=[petition.pk])}?{query}#rule"


def _is_id(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text))
