"""How long anybody may keep an answer. Browsers and proxies are told the same: some seconds as it is, some more while a
new one is fetched, longer only while the site cannot be reached, and never past the next change of state.

A proxy may show a page for FRESH and then STALE seconds, a browser as long again: nobody sees an end a minute late.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from actions.rules.state import cache_seconds
from home import message
from home.site_page import SitePage

from .answers import never_kept
from .embedding import framed
from .reads import asked_of

PERSONAL = "my-signature"  # in every address of one person's signature
# What may be the secret of a link that was mailed, wherever it stands in an address that leads nowhere: a mail program
# has broken it, somebody has typed it, or it is staff's. Words of pages are long too, but have neither.
SECRET = re.compile(r"(?=[\w=%-]{16})[\w=%-]*?[0-9A-Z]")
SHORT = timedelta(seconds=10)
FRESH, STALE, WITHOUT_US = timedelta(seconds=15), timedelta(seconds=15), timedelta(days=1)

Serve = Callable[..., HttpResponse]


def public_pages(serve: Serve) -> Serve:
    """Hook `on_serve_page`: puts the lifetime on what a page answers."""

    def cached(page, request: HttpRequest, args, kwargs) -> HttpResponse:
        response = serve(page, request, args, kwargs)
        if not isinstance(page, SitePage) or response.status_code != 200:
            return response
        if "q" in asked_of(request.path_info, request.GET) or is_restricted(page):
            return never_kept(response)  # words somebody typed, or a page that is not for everybody
        now = page.now()
        response = framed(response, page, request)
        told = message.next_change(Site.find_for_request(request), page.locale.language_code, now)
        return kept(response, now=now, until=min(filter(None, (page.next_change(now), told)), default=None))

    return cached


def shortly(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let anybody keep for some seconds that an address leads elsewhere or nowhere: many may ask for it at once.

    Not where it may be so for this request alone, and not where the address is one person's secret: a proxy writes down
    what it keeps under its address.
    """
    if response.status_code not in (301, 302, 404) or response.has_header("Cache-Control") or response.cookies:
        return response
    path = request.path_info
    if SECRET.search(path):
        return never_kept(response)
    if not is_plain(request) or PERSONAL in path or path.startswith(settings.NOT_FOR_EVERYBODY):
        return response
    if response.status_code == 404 and Redirect.objects.filter(old_path__startswith=path.rstrip("/") + "?").exists():
        return response
    now = timezone.now()
    return kept(response, now=now, until=now + SHORT, fresh=SHORT)


def is_plain(request: HttpRequest) -> bool:
    """Whether anybody else would ask in the same words: without a query, without a cookie."""
    return not (request.META.get("QUERY_STRING") or request.META.get("HTTP_COOKIE"))


def is_restricted(page: Page) -> bool:
    """Whether a page is not for everybody; asks only where it was not found out together with the page."""
    known = getattr(page, "restricted", None)
    return page.get_view_restrictions().exists() if known is None else known


def kept(
    response: HttpResponse, *, now: datetime, until: datetime | None = None, fresh: timedelta = FRESH
) -> HttpResponse:
    """Let anybody keep an answer for `fresh`, and not past `until`."""
    left = cache_seconds(longest=WITHOUT_US, until=until, now=now)
    seconds = min(left, int(fresh.total_seconds()))
    patch_cache_control(
        response,
        public=True,
        max_age=seconds,
        stale_while_revalidate=min(left, int(STALE.total_seconds())),
        stale_if_error=left - seconds,
    )
    return response
