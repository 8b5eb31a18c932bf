"""Signing over HTTP: view → form → one service call → 303."""

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from wagtail.models import Page, Site

from actions.pages.action import ActionPage
from actions.rules.errors import NotOpen
from actions.signing.sign import sign
from home.organisation import Organisation

from .origin import same_origin


class SeeOther(HttpResponseRedirect):
    status_code = 303


def take_signature(page: Page, request: HttpRequest, serve_args, serve_kwargs) -> HttpResponse | None:
    """Hook `before_serve_page`: a POST to an action page is a signature."""
    if request.method == "POST" and isinstance(page, ActionPage):
        return sign_action(request, page)
    return None


def sign_action(request: HttpRequest, page: ActionPage) -> HttpResponse:
    """Take a signature sent to the address of an action page.

    303 to the thank-you page; 422 with what was typed; 409 before the opening and while paused, 410 after the end,
    403 from another site, 503 while the database cannot write: each a readable page that stored nothing.
    """
    if not same_origin(request):
        return _shown(request, page, status=403, refused="origin")
    if page.petition is None or not page.petition.can_be_signed(timezone.now()):
        return _closed(request, page)

    organisation = Organisation.for_site(Site.find_for_request(request), page.locale.language_code)
    form = page.signature_form(organisation, request.POST)
    if not form.is_valid():
        return _shown(request, page, status=422, form=form)
    try:
        sign(
            petition=page.petition,
            person=form.person(),
            language=page.locale.language_code,
            country=form.cleaned_data.get("country", ""),
            **form.agreed(),
        )
    except NotOpen:
        page.petition.refresh_from_db()
        return _closed(request, page)
    except OperationalError:
        return _unavailable(request)
    return SeeOther(page.get_url(request) + page.reverse_subpage("thanks"))


def _closed(request: HttpRequest, page: ActionPage) -> HttpResponse:
    over = page.petition is not None and page.petition.state(timezone.now()).is_over
    return _shown(request, page, status=410 if over else 409, refused="closed")


def _shown(request: HttpRequest, page: ActionPage, *, status: int, **context) -> HttpResponse:
    """The action page itself, with what went wrong; never kept by anybody."""
    response = page.render(request, context_overrides=context)
    response.status_code = status
    add_never_cache_headers(response)
    return response


def _unavailable(request: HttpRequest) -> HttpResponse:
    response = render(request, "503.html", status=503)
    response["Retry-After"] = "30"
    add_never_cache_headers(response)
    return response
