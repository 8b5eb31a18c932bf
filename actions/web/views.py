"""Signing over HTTP: view → form → one service call → 303."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from wagtail.models import Page, Site

from actions.pages.action import EMBED, ActionPage
from actions.rules.errors import NotOpen
from actions.rules.source import clean_source
from actions.signing import limits
from actions.signing.forms import SignatureForm
from actions.signing.models import Hold, SigningRules
from actions.signing.sign import sign
from home.organisation import Organisation
from home.visible import for_everybody

from . import throttle
from .answers import SeeOther, never_kept
from .caching import Serve
from .embedding import addresses, framed, is_embedded
from .mine import code_form_for
from .moved import to_whom_it_was_meant
from .origin import same_origin

LATE = timedelta(days=1)  # whoever comes within it after the end has come just too late


def take_signature(serve: Serve) -> Serve:
    """Hook `on_serve_page`: a POST to an action page, by somebody who may see it, is a signature."""

    def taken(page: Page, request: HttpRequest, args, kwargs) -> HttpResponse:
        if request.method != "POST" or not isinstance(page, ActionPage):
            return serve(page, request, args, kwargs)
        if request.path not in addresses(page, request).thanks:  # its thanks, its letter
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return to_whom_it_was_meant(request, page) or sign_action(request, page)

    return taken


@sensitive_post_parameters()
@sensitive_variables()
def sign_action(request: HttpRequest, page: ActionPage) -> HttpResponse:
    """Take a signature sent to the address of an action page.

    303 to the thank-you page, or 200 with that page and the form for the code where signing itself is dangerous; 422
    with what was typed; 409 before the opening and while paused, 410 after the end, 403 from another site, 503 while
    the database cannot write: each a readable page that stored nothing.
    """
    if not same_origin(request):
        return _shown(request, page.of_now(), status=403, refused="origin")
    rules = limits.current()
    if page.petition is None:
        return _closed(request, page.of_now())
    organisation = Organisation.for_site(Site.find_for_request(request), page.locale.language_code)
    form = page.signature_form(organisation, request.POST)
    if not form.is_valid():
        page = page.of_now()
        is_open = page.petition.can_be_signed(page.now()) and not page.signing_is_paused()
        return _shown(request, page, status=422, form=form) if is_open else _closed(request, page)
    try:
        _sign(request, page, form, rules)
    except NotOpen:
        limits.forget_kept()
        return _closed(request, page.of_now())
    if page.petition.high_risk:
        return _asked_for_code(request, page.of_now(), form)
    return SeeOther(addresses(page, request).thanks[request.path])


@sensitive_variables()
def _sign(request: HttpRequest, page: ActionPage, form: SignatureForm, rules: SigningRules) -> None:
    seen = throttle.look(request, rules, petition=page.petition.pk)
    suspicion = form.suspicion(fastest=rules.fastest_seconds) or (Hold.Reason.NETWORK if seen.too_many else "")
    sign(
        petition=page.petition,
        person=form.person(),
        language=page.locale.language_code,
        suspicion=suspicion,
        network=seen.network if suspicion else None,
        host=_host(request) if suspicion == Hold.Reason.NETWORK else None,
        source=clean_source(request.GET.get("s", "")),
        **form.choices(),
    )


@sensitive_variables()
def _asked_for_code(request: HttpRequest, page: ActionPage, form: SignatureForm) -> HttpResponse:
    """The thank-you page at once: its form for the code holds the address, which no address line and no cookie may.

    The same for everybody who sends the form, as the redirect of other actions is.
    """
    code_form = code_form_for(form.cleaned_data["email"])
    response = page.thanked(request, embedded=is_embedded(page, request), code_form=code_form)
    return never_kept(framed(response, page, request))


def _host(request: HttpRequest) -> str | None:
    address = throttle.address_of(request)
    return str(address) if address else None


def _closed(request: HttpRequest, page: ActionPage) -> HttpResponse:
    if page.petition is None or not page.petition.state(page.now()).is_over:
        return _shown(request, page, status=409, refused="closed")
    just_now = page.now() - page.petition.ends_at < LATE
    return _shown(request, page, status=410, refused="closed", just_now=just_now)


def _shown(request: HttpRequest, page: ActionPage, *, status: int, **context) -> HttpResponse:
    """The action page itself, with what went wrong; never kept by anybody.

    It was found lately: what is no longer for everybody is not shown by this way either.
    """
    if settings.SURFACE == "public" and not for_everybody(ActionPage.objects.filter(pk=page.pk)).exists():
        raise Http404
    template = EMBED if is_embedded(page, request) else None
    response = page.render(request, template=template, context_overrides=context)
    response.status_code = status
    return never_kept(framed(response, page, request))
