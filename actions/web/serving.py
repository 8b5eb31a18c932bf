"""Finding the page of an address. An action page, which most people ask for, is found in one query."""

from hashlib import sha256
from urllib.parse import unquote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.csrf import csrf_exempt
from wagtail.models import Locale, Page, Site
from wagtail.url_routing import RouteResult
from wagtail.views import serve as wagtail_serve

from actions.pages.action import ActionPage
from home.standing import here, standing

from .caching import is_restricted


# Pages take a POST without a token: they set no cookie it could be compared with. Action pages check where it comes
# from (see `origin`); every other page answers 405.
@csrf_exempt
def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Wagtail's own view, told beforehand where the path of an action page leads."""
    request._wagtail_site = site_of(request)  # where Wagtail looks for it (Site.find_for_request)
    if route := action_route(request, path):
        # The name under which Wagtail remembers a request's route (Page.route_for_request).
        request._wagtail_route_for_request = route
    elif (site := request._wagtail_site) and not _is_in_language(site):
        return _elsewhere(site, path)
    return wagtail_serve(request, path)


def site_of(request: HttpRequest) -> Site | None:
    return here(f"site:{request.get_host()}", lambda: Site.find_for_request(request))


def _is_in_language(site: Site) -> bool:
    """Whether the site has a published home page in the language of the address; Wagtail would show another one's."""
    return Locale.get_active().pk == site.root_page.localized.locale_id


def _elsewhere(site: Site, path: str) -> HttpResponse:
    """To the home page in the language of the site, from one in a language that is not published yet."""
    if path:
        raise Http404
    with override(site.root_page.locale.language_code):
        return HttpResponseRedirect(reverse("wagtail_serve", args=[""]))


def hide_restricted(page: Page, request: HttpRequest, args, kwargs) -> None:
    """Hook `before_serve_page`: on the public surface nobody can log in, so what is restricted is not there."""
    if settings.SURFACE == "public" and is_restricted(page):
        raise Http404


def action_route(request: HttpRequest, path: str) -> RouteResult | None:
    """The route to an action page, or None where Wagtail must look for itself."""
    parts = [part for part in path.split("/") if part]
    if len(parts) < 2:
        return None
    page = _kept_page(request, parts[:2]) if request.method in ("GET", "HEAD") else _form_at(request, parts[:2])
    return page.route(request, parts[2:]) if page else None


def _form_at(request: HttpRequest, parts: list[str]) -> ActionPage | None:
    """The page somebody signs at, with the petition's salt and key, as it was found lately: only to be read.

    Whether it can be signed is decided by the statement that signs, so nothing is asked here.
    """
    return here(f"form:{_place(request, parts)}", lambda: _page_at(request, parts))


def _place(request: HttpRequest, parts: list[str]) -> str:
    site = Site.find_for_request(request)
    return "/".join([str(site.pk if site else 0), str(get_language()), *parts])


def _kept_page(request: HttpRequest, parts: list[str]) -> ActionPage | None:
    """The page as it was found lately, with the state and numbers of now."""

    def find() -> ActionPage | None:
        found = _page_at(request, parts)
        return found.kept() if found and not found.restricted and settings.PAGE_CACHE else found

    page = standing(f"page:{sha256(_place(request, parts).encode()).hexdigest()}", find)
    if page is None or not settings.PAGE_CACHE:
        return page
    return _page_at(request, parts) if page.restricted else page.brought_up_to_date()


def _page_at(request: HttpRequest, parts: list[str]) -> ActionPage | None:
    found = ActionPage.objects.live().for_visitors().filter(slug=parts[1], locale__language_code=get_language())
    return next((page for page in found if _is_at(request, page, parts)), None)


def _is_at(request: HttpRequest, page: ActionPage, parts: list[str]) -> bool:
    where = page.get_url_parts(request)
    site = Site.find_for_request(request)
    return bool(
        where and site and where[0] == site.pk and unquote(where[2]).rstrip("/").endswith("/" + "/".join(parts))
    )
