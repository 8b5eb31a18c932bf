"""“Remind me when it opens”: asking for it, and what the link in the question leads to. Every verb is a POST."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from actions.pages.action import ActionPage
from actions.rules.errors import BadAddress, NotOpen
from actions.signing import limits, reminders
from actions.signing.links import BadLink
from actions.signing.models import Petition

from . import throttle
from .answers import SeeOther
from .mail import page_in
from .mine import AddressForm, _private


def _page(petition: Petition) -> ActionPage:
    page = page_in(petition.pk, get_language() or "")
    if page is None or not page.live:
        raise Http404
    return page


@_private
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables()
def ask(request: HttpRequest, petition: int) -> HttpResponse:
    """Ask to be told when a form opens. The answer is the same for every address: the mailbox alone is asked."""
    found = get_object_or_404(Petition, pk=petition, high_risk=False)
    page = _page(found)
    form = AddressForm(request.POST or None)
    closed = found.state(page.now()) != "scheduled"
    if request.method == "POST" and not closed:
        if throttle.is_full(request, limits.current(), what="reminder", times=1):
            return render(request, "actions/signing/too_many.html", status=429)
        if form.is_valid():
            try:
                reminders.ask(petition=found, email=form.cleaned_data["email"], language=page.locale.language_code)
                return SeeOther(reverse("actions:reminder_asked", args=[found.pk]))
            except NotOpen:
                closed = True
            except BadAddress:
                form.add_error(
                    "email", _("This does not look like an email address. It should be like name@example.org.")
                )
    status = 409 if closed else 422 if form.errors else 200
    context = {"form": form, "closed": closed, "action_page": page, "petition": found}
    return render(request, "actions/signing/ask_reminder.html", context, status=status)


@_private
@require_http_methods(["GET", "HEAD"])
def asked(request: HttpRequest, petition: int) -> HttpResponse:
    found = get_object_or_404(Petition, pk=petition, high_risk=False)
    return render(request, "actions/signing/reminder_asked.html", {"action_page": _page(found), "petition": found})


@_private
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables()
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """What the link in the question leads to: yes, or never again. One click in a mail program is a no (RFC 8058)."""
    try:
        found = reminders.facts(token)
        yes = request.POST.get("do") == "yes"
        if request.method == "POST":
            reminders.answer(token, yes=yes)
            if not yes:
                return render(request, "actions/signing/reminder_over.html", {"stopped": True})
            return SeeOther(reverse("actions:remind", args=[token]))
    except BadLink:
        return render(request, "actions/signing/bad_link.html", status=404)
    petition = get_object_or_404(Petition, pk=found.petition_id)
    context = {
        "facts": found,
        "token": token,
        "petition": petition,
        "action_page": page_in(petition.pk, get_language()),
    }
    return render(request, "actions/signing/reminder.html", context)


@_private
@require_http_methods(["GET", "HEAD", "POST"])
def over(request: HttpRequest) -> HttpResponse:
    """Where the mail of an opening ends contact: its address is forgotten already, and nothing is left to end."""
    return render(request, "actions/signing/reminder_over.html", {"stopped": False})
