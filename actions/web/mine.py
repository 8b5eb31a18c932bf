"""My signature: what a mailed link opens. A GET shows, and changes nothing of the signature; every verb is a POST."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from actions.pages.action import ActionPage
from actions.pages.hand_over import receipts
from actions.rules.errors import BadAddress
from actions.signing import consents, copies, hand_over, limits, links
from actions.signing.consents import CONTACT, Way
from actions.signing.fields import NO_ADDRESS, AddressOffered, NameField, ShownNameField, address_field, too_long
from actions.signing.forms import SignatureForm
from actions.signing.models import Consent, ConsentText, Petition, Signature

from . import purging, throttle
from .answers import SeeOther, never_kept
from .mail import page_in
from .origin import same_origin

GONE = 410


class ShownForm(forms.Form):
    """The name that is to be shown."""

    use_required_attribute = False

    shown_name = ShownNameField()


class NameForm(ShownForm):
    """A corrected name; with what is shown of it, where it is shown: the old one must not stay."""

    name = NameField()
    field_order = ["name", "shown_name"]

    def __init__(self, *args, shows: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if not shows:
            del self.fields["shown_name"]

    def changed(self) -> dict[str, str]:
        """The corrected fields of a valid form."""
        return {"shown_name": "", **self.cleaned_data}


class AddressForm(AddressOffered, forms.Form):
    use_required_attribute = False

    email = address_field()


class CodeForm(AddressForm):
    """The code from the mail, with the address it was sent to."""

    code = forms.CharField(
        label=_("Code from the email"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
        error_messages={"required": _("Type the code from the email."), **too_long(20)},
    )


def code_form_for(email: str) -> CodeForm:
    """The form for somebody who has just typed this address, and need not see it again."""
    form = CodeForm(initial={"email": email})
    form.fields["email"].widget = forms.HiddenInput()
    return form


def _private(view):
    """No token in the form (there is no cookie it could ride on), nothing kept, nothing told to other sites.

    An address that is a secret is told to nobody, ourselves included; at the others the browser must say where a form
    comes from, and does not without a referrer (`origin`).
    """

    @csrf_exempt
    @sensitive_post_parameters()
    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        is_secret = "token" in kwargs
        if request.method == "POST" and not same_origin(request, at_a_secret=is_secret):
            response = render(request, "actions/signing/from_elsewhere.html", status=403)
        else:
            response = view(request, *args, **kwargs)
        if is_secret:
            response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return never_kept(response)

    return guarded


@_private
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables()
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """The signature behind a link: confirm it, see what it is, correct, copy, withdraw, erase."""
    try:
        if request.method == "POST":
            return _do(request, token)
        return _shown(request, token)
    except links.BadLink:
        return render(request, "actions/signing/bad_link.html", status=404)


# What is said on the page after a button, by what was done. It is told in the address, as there is no cookie.
DONE = {
    "confirm": _("Thank you. You have said that it was you."),
    "counts": _("Your signature counts now. Thank you!"),
    "none": _("It is taken away, and nothing of it begins."),
    "stop": _("We do not write to you about that any more."),
    "wish": _("You have said yes: we may write to you about it."),
    "no_wish": _("You have said no, and we do not write to you about it."),
    "hand_over": _("You have agreed that your name is handed over."),
    "number_only": _("Only the number is handed over, not your name."),
    "show": _("You have agreed that this name is shown. It appears some hours from now."),
    "hide": _("Your name is off the page."),
    "waits": _("You have asked us to erase everything about you."),
}
# Of what a machine with keys does: while it is under way, done, thrown away since (of data), and where it failed.
NAME_COMES, NAME_IS_THERE = _("We are updating your name. It takes a few seconds."), _("Your name is corrected.")
NAME_FAILED = _("Your name could not be corrected. Try again, or write to us.")
DATA_COME = _("We are opening your data. It takes a few seconds, and only you will see them.")
DATA_ARE_THERE = _("Your data are opened, further down.")
DATA_ARE_GONE = _("Something has changed since your data were opened. Ask for them anew.")
DATA_FAILED = _("Your data could not be opened. Try again, or write to us.")
REFUSED = {
    "closed": _("The action has ended before this signature was confirmed, so it was not counted."),
    "paused": _("Signing is paused just now. Come back a little later and press the button again."),
    "words": _("The words have changed since you opened the page. Read them again."),
    "notice": _("What is handed over has changed since you opened the page. Read it again."),
    "frozen": _("The list is fixed for the hand-over, and this can no longer be changed."),
    "busy": _("We are updating your name. Wait a few seconds, and press the button again."),
    "again": _("Nothing was done: things have changed since you opened the page. Look at it again."),
}
LEAVING = {"refuse": links.refuse, "withdraw": links.withdraw, "erase": links.erase}


def _do(request: HttpRequest, token: str) -> HttpResponse:
    verb = request.POST.get("do", "")
    if verb not in ("copy", *LEAVING) and links.waits(token):  # from a page of before: nothing is used any more
        return _shown(request, token, status=409, refused="again")
    says_yes = verb in ("hand_over", "show") or (verb == "wish" and request.POST.get("consent"))
    if says_yes and links.ticks(token):  # who signed at all is asked first
        return _shown(request, token, status=409, refused="again")
    if verb == "confirm":
        verb = "counts" if links.facts(token).awaits else verb
        outcome = links.confirm(token)
        if outcome in ("closed", "paused", "gone"):
            return _shown(request, token, status=GONE if outcome == "closed" else 409, refused=outcome)
    elif verb == "correct":
        found = links.facts(token)
        form = NameForm(request.POST, shows=found.show_name)
        if not form.is_valid():
            return _shown(request, token, status=422, form=form)
        if not found.has_signer:
            return _shown(request, token, status=409, refused="again")
        petition = Petition.objects.get(pk=found.petition_id)
        links.ask_correction(token, changed=form.changed(), found=found, petition=petition)
        links.ask_copy(token)  # so that she sees the new name, and not that somebody says it is there
        if found.show_name:
            purging.forget()  # the old name is off the page at once
    elif verb in ("stop", "wish"):
        consent = request.POST.get("consent", "")
        if consent not in ("", *CONTACT):
            return _shown(request, token, status=400, refused="again")
        if verb == "stop":
            links.end_consents(token, [Consent(consent)] if consent else CONTACT)
        elif links.answer_wish(token, consent=consent, text=_number(request.POST.get("words", ""))) == "gone":
            return _shown(request, token, status=409, refused="words")
        elif not consent:
            verb = "no_wish"
    elif verb in ("hand_over", "number_only"):
        return _choose(request, token, verb == "hand_over")
    elif verb == "show":
        found, shown_form = links.facts(token), ShownForm(request.POST)
        if not shown_form.is_valid():
            return _shown(request, token, status=422, shown_form=shown_form)
        if found.correcting:  # what is asked for last takes the place of what waits
            return _shown(request, token, status=409, refused="busy", shown_form=shown_form)
        petition = Petition.objects.get(pk=found.petition_id)
        given = {"shown_name": shown_form.cleaned_data["shown_name"], "found": found, "petition": petition}
        if links.show_name(token, text=_words_of_show(), **given) == "gone":
            return _shown(request, token, status=409, refused="again")
    elif leave := LEAVING.get(verb):
        return _leave(token, leave)
    elif action := {
        "none": lambda token: links.end_consents(token, links.TICKED),
        "copy": links.ask_copy,
        "hide": links.hide_name,
    }.get(verb):
        found = links.facts(token)
        action(token)
        if found.show_name and verb == "hide":
            purging.forget()  # the name is off the page at once
    else:
        return _shown(request, token, status=400, refused="again")
    return _said(token, verb)


def _said(token: str, done: str) -> HttpResponse:
    return SeeOther(f"{reverse('actions:mine', args=[token])}?done={done}")


def _words_of_show() -> ConsentText:
    """The words beside the button that has the first name shown: those of the form."""
    label = str(SignatureForm.base_fields["show_name"].label)
    return consents.record(language=get_language() or "", contact_action="", contact_other="", show_name=label)


def _leave(token: str, leave: Callable[[str], str]) -> HttpResponse:
    """Refuse, withdraw or erase. The link leads nowhere then: what became of it is told at an address without it."""
    found = links.facts(token)
    outcome = leave(token)
    if found.show_name:
        purging.forget()
    if outcome == "waits":
        return _said(token, "waits")
    counts = outcome == "erased" and found.state is Signature.State.COUNTED
    return SeeOther(reverse("actions:left", args=["counts" if counts else outcome]))


@_private
@require_http_methods(["GET", "HEAD"])
def left(request: HttpRequest, what: str) -> HttpResponse:
    """What became of a signature whose person is gone."""
    if what not in ("withdrawn", "counts", "erased"):
        raise Http404
    return render(request, "actions/signing/left.html", {"what": what})


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _choose(request: HttpRequest, token: str, name: bool) -> HttpResponse:
    """Whether the name is handed over, until a delivery is frozen; what counts is what stood beside the button."""
    notice = words = None
    if name:
        found = links.facts(token)
        page = page_in(found.petition_id, get_language() or found.language)
        offered = page.notice() if page else None
        shown = request.POST.get("shown", "")[:64]
        notice = offered and hand_over.record(petition=page.petition, shown=shown, notice=offered)
        if notice is None:
            return _shown(request, token, status=409, refused="notice")
        words = consents.record(
            language=offered.language, contact_action="", contact_other="", hand_over_name=offered.agreed_to
        )
    outcome = links.choose_hand_over(token, notice, words)
    if outcome != "chosen":
        return _shown(request, token, status=409, refused=outcome)
    return _said(token, "hand_over" if name else "number_only")


def _shown(
    request: HttpRequest, token: str, *, status: int = 200, refused: str = "", form=None, shown_form=None
) -> HttpResponse:
    found = links.facts(token)
    petition = get_object_or_404(Petition, pk=found.petition_id)
    now = timezone.now()
    page = page_in(petition.pk, get_language() or found.language)
    over, ticks = petition.state(now).is_over, links.ticks(token)
    is_asked = found.state is Signature.State.COUNTED or (found.awaits and not over)
    handing = links.hand_over_facts(token)
    copy = links.open_copy(token, found)
    opening = found.copying and not found.copy  # what was asked for by another link is opened there
    alert = REFUSED.get(refused, REFUSED["again"]) if refused else ""
    done = request.GET.get("done", "") if status == 200 else ""
    said = DONE.get(done, "")
    if done in ("correct", "copy"):
        said, alert = _of_request(done, found, opening=opening, is_there=copy is not None, failed=links.failed(token))
    context = {
        "facts": found,
        "ticks": ticks,
        "waits": links.waits(token) if petition.hold_ground else None,
        "wish": None if ticks else links.wish(token),  # who signed at all is asked first
        "show_words": SignatureForm.base_fields["show_name"].label,
        "token": token,
        "action_page": page,
        "handing": handing,
        "name_waits": is_asked and ticks is not None and Consent.HAND_OVER_NAME in ticks.consents,
        "notice": (notice := page.notice() if page else None),
        "says_more": bool(notice and handing.told and notice.says_more_than(handing.told)),
        "handed_over": receipts(handing.listed, get_language() or found.language),
        "petition": petition,
        "over": over,
        "form": form
        or NameForm(initial={"name": copy.get("person", {}).get("name", "")} if copy else None, shows=found.show_name),
        "shown_form": shown_form or ShownForm(),
        "refused_form": form or shown_form,
        "copy": copy,
        "opening": opening,
        "readable": copies.readable(copy) if copy else None,
        "may_withdraw": not over and is_asked,
        "alert": alert,
        "said": said,
        "waiting": opening or found.correcting,
        **(_what_now(page, petition) if done == "counts" and found.state is Signature.State.COUNTED else {}),
        "see_data": copy is not None and done in ("correct", "copy"),
    }
    return render(request, "actions/signing/mine.html", context, status=status)


def _what_now(page: ActionPage | None, petition: Petition) -> dict[str, Any]:
    """What there is to do in the moment in which a signature counts; nothing where to have signed is dangerous."""
    now = timezone.now()
    if page is None or petition.high_risk or not petition.can_be_signed(now):
        return {}
    return {"shared_page": page, "other_actions": page.other_actions(now)}


def _of_request(done: str, found: links.Facts, *, opening: bool, is_there: bool, failed: list[str]) -> tuple[str, str]:
    """What is said of a correction or a copy that was asked for, and the alert where it failed."""
    if done in failed:
        return "", str(NAME_FAILED if done == "correct" else DATA_FAILED)
    if done == "correct":  # her data, with the new name, are opened along with it
        return str(NAME_COMES if found.correcting or opening else NAME_IS_THERE), ""
    return str(DATA_ARE_THERE if is_there else DATA_COME if opening else DATA_ARE_GONE), ""


@_private
@require_http_methods(["GET", "HEAD"])
def copy(request: HttpRequest, token: str) -> HttpResponse:
    """The copy of what is stored, as JSON."""
    try:
        content = links.open_copy(token, links.facts(token))
    except links.BadLink:
        content = None
    if content is None:
        return render(request, "actions/signing/bad_link.html", status=404)
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="my-signature.json"'
    return response


@_private
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str, consent: str = "") -> HttpResponse:
    """End contact about what the mail was sent for: a page with one button, or one click in the mail program.

    The answer to that click is never a redirect (RFC 8058).
    """
    if consent not in ("", *CONTACT):
        return render(request, "actions/signing/bad_link.html", status=404)
    page = "actions/signing/stopped.html" if request.method == "POST" else "actions/signing/stop.html"
    try:
        found = links.facts(token)
        if request.method == "POST":
            way = Way.ONE_CLICK if "List-Unsubscribe" in request.POST else Way.LINK
            links.end_consents(token, [Consent(consent)] if consent else CONTACT, way=way)
    except links.BadLink:
        return render(request, "actions/signing/bad_link.html", status=404)
    action_page = page_in(found.petition_id, get_language() or found.language)
    return render(request, page, {"token": token, "about": consent, "action_page": action_page})


@_private
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables()
def ask_link(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail. The answer is the same whether the address has signed anything or not."""
    form = AddressForm(request.POST or None)
    if request.method == "POST":
        if throttle.is_full(request, limits.current(), what="link"):
            return render(request, "actions/signing/too_many.html", status=429)
        if form.is_valid():
            try:
                links.ask_link(form.cleaned_data["email"])
            except BadAddress:
                form.add_error("email", NO_ADDRESS)
            else:
                return SeeOther(reverse("actions:link_asked"))
    status = 422 if form.errors else 200
    return render(request, "actions/signing/ask_link.html", {"form": form}, status=status)


@_private
@require_http_methods(["GET", "HEAD"])
def link_asked(request: HttpRequest) -> HttpResponse:
    return render(request, "actions/signing/link_asked.html")


@_private
@require_http_methods(["GET", "HEAD"])
def wrong_address(request: HttpRequest) -> HttpResponse:
    """What to do for somebody who typed a wrong address, cannot open the mailbox, or got somebody else's mail."""
    return render(request, "actions/signing/wrong_address.html")


@_private
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables()
def code(request: HttpRequest, petition: int) -> HttpResponse:
    """Confirm with the code from the mail instead of its link."""
    found = get_object_or_404(Petition, pk=petition)
    page = page_in(found.pk, get_language() or "")
    form = CodeForm(request.POST or None)
    outcome, status = "", 200
    if request.method == "POST":
        if throttle.is_full(request, limits.current(), what="code"):
            return render(request, "actions/signing/too_many.html", status=429)
        outcome, status = _try_code(form, found)
        if status == 200:
            return SeeOther(reverse("actions:code_done", args=[found.pk]))
    if not outcome:  # no code was tried
        outcome = _takes_no_code(found)
    if form.errors and outcome == "closed":
        status = GONE
    context = {
        "form": form,
        "action_page": page,
        "petition": found,
        "refused": outcome,
        "sent": request.method == "POST",
    }
    return render(request, "actions/signing/code.html", context, status=status)


def _takes_no_code(petition: Petition) -> str:
    """Why a code counts nothing just now; empty where it does."""
    if petition.state(timezone.now()).is_over:
        return "closed"
    return "paused" if petition.paused or limits.current().paused else ""


def _try_code(form: CodeForm, petition: Petition) -> tuple[str, int]:
    """What became of it, and the status that says so."""
    if not form.is_valid():
        return "", 422
    outcome = links.confirm_with_code(
        petition=petition, email=form.cleaned_data["email"], code=form.cleaned_data["code"]
    )
    if outcome == "wrong":
        form.add_error(
            "code",
            _(
                "The code does not fit this address. Is every character there? Each code works once: if you were told "
                "that your signature counts, it does. Otherwise sign again for a new one."
            ),
        )
        return outcome, 422
    if outcome in ("closed", "paused", "gone"):
        return outcome, GONE if outcome == "closed" else 409
    return outcome, 200


@_private
@require_http_methods(["GET", "HEAD"])
def code_done(request: HttpRequest, petition: int) -> HttpResponse:
    page = page_in(petition, get_language() or "")
    context = {"action_page": page, **_what_now(page, get_object_or_404(Petition, pk=petition))}
    return render(request, "actions/signing/code_done.html", context)
