"""Old addresses: those of pages that were renamed or moved, and those that staff name under Settings → Redirects.

Wagtail leads from the old address of a page to the page. Here the parts of an action follow (its letter, its form in a
frame on another site), and what the new address reads of the query. A form that is sent to an old address is sent on: a
page that stood open while its address changed, or that a proxy has kept, loses no signature.
"""

from typing import NamedTuple
from urllib.parse import unquote, urlencode, urlsplit, urlunsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, is_valid_path
from django.utils.cache import patch_cache_control
from wagtail.contrib.redirects.middleware import RedirectMiddleware
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from actions.pages.action import ActionPage
from actions.rules.source import clean_source
from home.visible import for_everybody

from .answers import never_kept
from .embedding import is_embedded
from .reads import asked_of

EMBEDDED = "embed/"  # the form in a frame, below its page
DEEPEST = 2  # parts of an address below the page's own, as in letter/pdf/
LONGEST = 100  # of a value that goes along
SHORT = 10  # seconds; a page may come back to its old address, where a browser would then not look


class Moved(NamedTuple):
    """Where something is now, and whether it stays there."""

    url: str
    for_good: bool


class OldAddresses(RedirectMiddleware):
    """Wagtail's middleware, inside of all others: what is not found is looked for among the old addresses."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code != 404:
            return response
        moved = find(request)
        if request.method == "POST":
            return self._sent_on(request, response, moved)
        if moved is None:
            led = super().process_response(request, response)
            if _is_ours(url := led.get("Location", "")):
                led.headers["Location"] = with_query(request, url)
            return led
        led = HttpResponseRedirect(with_query(request, moved.url))
        led.status_code = 301 if moved.for_good else 302
        # Not for everybody: a proxy that keeps it would lose where the next one comes from.
        patch_cache_control(led, private=True, max_age=SHORT)
        return led

    def _sent_on(self, request: HttpRequest, response: HttpResponse, moved: Moved | None) -> HttpResponse:
        """To the new address with what was typed (307), or the word that it was not recorded.

        What somebody has typed is never sent on to another site, wherever a redirect leads.
        """
        match = request.resolver_match
        lacks_slash = match is None and not request.path.endswith("/") and is_valid_path(f"{request.path_info}/")
        url = moved.url if moved else f"{request.path}/" if lacks_slash else ""
        if _is_ours(url):
            return _led_on(request, url)
        if match is None or match.url_name != "wagtail_serve":
            return response
        led = moved.url if moved else super().process_response(request, response).get("Location", "")
        return _not_here(request, led)


def to_whom_it_was_meant(request: HttpRequest, page: ActionPage) -> HttpResponse | None:
    """Send on a form that was filled in for another action, which had this address before, or say that it is gone.

    None for the page's own form, and for one that does not say whose it is.
    """
    asked = request.POST.get("for_action", "")
    if asked in ("", str(page.translation_key)):
        return None
    meant = _in_language(asked, page)
    if meant == page:
        return None
    url = meant.get_url(request) if meant else None
    if not url or not _is_ours(url):
        return _not_here(request, "")
    return _led_on(request, url + (EMBEDDED if is_embedded(page, request) else ""))


def _in_language(asked: str, page: ActionPage) -> ActionPage | None:
    try:
        key = UUID(asked)
    except ValueError:
        return None
    return for_everybody(ActionPage.objects.filter(translation_key=key, locale=page.locale_id, alias_of=None)).first()


def _led_on(request: HttpRequest, url: str) -> HttpResponse:
    return never_kept(HttpResponseRedirect(with_query(request, url), preserve_request=True))


def _not_here(request: HttpRequest, led: str) -> HttpResponse:
    # Nothing of the frame is kept by its address: anybody can make one up.
    context = {"led": led, "kept": 0, "kept_without_query": 0}
    return never_kept(render(request, "actions/signing/not_here.html", context, status=404))


def find(request: HttpRequest) -> Moved | None:
    """Where the action is now, or the part of one, that once had the address asked for."""
    path = request.path.rstrip("/")
    if "\0" in path:
        return None
    old_paths = [old for depth in range(DEEPEST + 1) if (old := path.rsplit("/", depth)[0])]
    known = Redirect.get_for_site(Site.find_for_request(request)).filter(
        old_path__in=old_paths, redirect_page__isnull=False
    )
    for redirect in sorted(known, key=lambda one: (-len(one.old_path), one.site_id is None)):
        url = _now_at(request, redirect, path.removeprefix(redirect.old_path))
        if url and unquote(url).rstrip("/") != path:  # a part that the page does not have leads nowhere
            return Moved(url, redirect.is_permanent)
    return None


def _now_at(request: HttpRequest, redirect: Redirect, below: str) -> str:
    """The address of what stood `below` an old address; empty where that is no action, or none for everybody."""
    page = for_everybody(ActionPage.objects.filter(pk=redirect.redirect_page_id)).first()
    part = f"{redirect.redirect_page_route_path.rstrip('/')}{below}/"
    url = page.get_url(request) if page else None
    if not url or not _has(page, part):
        return ""
    return url.rstrip("/") + part


def _has(page: ActionPage, part: str) -> bool:
    try:
        page.resolve_subpage(part)
    except Resolver404:
        return False
    return True


def with_query(request: HttpRequest, url: str) -> str:
    """An address of the site, with what it reads of the query, and the code that says where somebody comes from."""
    parts = urlsplit(url)
    told = {name: value[:LONGEST] for name, value in asked_of(parts.path, request.GET).items()}
    if source := clean_source(request.GET.get("s", "")):
        told["s"] = source
    return url if parts.query or not told else urlunsplit(parts._replace(query=urlencode(told)))


def _is_ours(url: str) -> bool:
    return url.startswith("/") and not url.startswith("//")
