"""One signature: found by its address over all forms, and its own screen with what can be done about it.

What ends contact or erases is done in a case, and this screen leads there who may begin one.
"""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from wagtail.admin.viewsets.base import ViewSet

from actions.rules.errors import ChangeRefused
from actions.signing import lists, one_signature, review
from actions.signing.models import ReviewRule, Signature
from actions.signing.opened import TooManyOpened
from actions.signing.own_keys import WrongSecret
from actions.signing.review import Verb

from .guard import needs
from .menus import item_for
from .screens import TEXT_INPUT, WRONG_SECRET, show, too_many
from .signatures import OPEN, SearchForm

DECIDE = "actions.add_reviewrule"
DOUBT = _("A case about this address is open, in which it is not known who asks.")

# What it is called, and what will happen.
VERBS = {
    Verb.COUNT: (_("Count it"), _("It counts, though nobody has confirmed it. What was ticked still waits.")),
    Verb.INVALIDATE: (_("Take it out"), _("It does not count any more. Its signer is not told.")),
}


class ReasonForm(forms.Form):
    """Why something is decided about a signature."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        widget=forms.TextInput(attrs=TEXT_INPUT),
        help_text=_("Kept with your name and the time. Do not write anybody's name or address here."),
    )

    def clean_reason(self) -> str:
        if "@" in self.cleaned_data["reason"]:
            raise forms.ValidationError(_("Write no address here: it would stay when the person is erased."))
        return self.cleaned_data["reason"]


@sensitive_post_parameters()
@sensitive_variables()
@needs(OPEN)
def find_signature(request: HttpRequest) -> HttpResponse:
    """Look for an address in every form: what it signed, and whether it stands on a list. Nobody's name is opened."""
    form = SearchForm(request.POST or None)
    context = {"form": form, "found": None, "listed": None}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            context["found"] = one_signature.find(email=given["email"], by=request.user, purpose=given["purpose"])
            context["listed"] = lists.listed(given["email"])
        except ChangeRefused:
            form.add_error(None, DOUBT)
        except WrongSecret:
            form.add_error(None, WRONG_SECRET)
        except TooManyOpened as refused:
            form.add_error(None, too_many(refused))
    response = show(request, "find_signature", context, title=_("Find a signature"), icon="search")
    if request.method == "POST":
        response["Cache-Control"] = "no-store"
    return response


@needs("actions.view_signature", also=DECIDE)
def signature(request: HttpRequest, pk: int, signature: UUID) -> HttpResponse:
    """One signature: its state, its mails, what was decided; to count, take out, undo, or ask to confirm again."""
    rows = Signature.objects.select_related("petition", "signer", "hold", "restriction", "waiting_erasure")
    found = get_object_or_404(rows, pk=signature, petition=pk)
    form = ReasonForm(request.POST if request.method == "POST" and "undo" not in request.POST else None)
    if request.method == "POST":
        if not request.user.has_perm(DECIDE):
            raise PermissionDenied
        if "undo" in request.POST:
            _undo(request, found)
            return redirect(_address(found))
        if form.is_valid() and _done(request, found, form):
            return redirect(_address(found))
    facts = one_signature.about(found)
    context = {
        "signature": found,
        "form": form,
        "facts": facts,
        "verbs": [(verb.value, *VERBS[verb]) for verb in facts.may],
        "may_decide": request.user.has_perm(DECIDE),
    }
    return show(
        request,
        "signature",
        context,
        title=_("One signature"),
        icon="list-ul",
        petition=found.petition,
        tab="signatures",
    )


def _done(request: HttpRequest, found: Signature, form: ReasonForm) -> bool:
    """Do what the pressed button says; False, with an error in the form, where it cannot be done."""
    reason, verb = form.cleaned_data["reason"], request.POST.get("verb", "")
    try:
        if verb == "send":
            if one_signature.send_again(found, by=request.user, purpose=reason):
                messages.success(request, gettext("The request to confirm is sent again, and that is recorded."))
            else:
                messages.info(request, gettext("It waits to be sent already. Nothing was changed."))
        elif verb in VERBS:
            review.decide_one(signature=found, verb=Verb(verb), reason=reason, by=request.user)
            messages.success(request, gettext("It is done, and recorded. It can be undone below."))
        else:
            form.add_error(None, _("Choose what to do."))
            return False
    except ChangeRefused:
        form.add_error(None, _("This cannot be done any more: its state has changed. Look at it again."))
        return False
    return True


def _undo(request: HttpRequest, found: Signature) -> None:
    """Take back a decision that was about this signature alone; those about several are undone where they were made."""
    number = request.POST["undo"]
    rules = ReviewRule.objects.filter(petition=found.petition, criteria={"ids": [str(found.pk)]})
    rule = get_object_or_404(rules, pk=number if number.isdecimal() and len(number) < 19 else 0)
    review.undo(rule.pk, by=request.user)
    messages.success(request, gettext("The decision is undone, and that is recorded."))


def _address(found: Signature) -> str:
    return reverse("petition:signature", args=[found.petition_id, found.pk])


class FindSignatureViewSet(ViewSet):
    menu_item_class = item_for(OPEN)
    name = "find_signature"
    url_prefix = "find-signature"
    icon = "search"
    menu_label = _("Find a signature")

    def get_urlpatterns(self):
        return [path("", find_signature, name="index")]
