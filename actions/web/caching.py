"""How long anybody may keep a page: a minute, and never past the next change of state."""

from collections.abc import Callable
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from actions.rules.state import cache_seconds
from home.site_page import SitePage

LONGEST = timedelta(minutes=1)

Serve = Callable[..., HttpResponse]


def public_pages(serve: Serve) -> Serve:
    """Hook `on_serve_page`: puts the lifetime on what a page answers."""

    def cached(page, request: HttpRequest, args, kwargs) -> HttpResponse:
        response = serve(page, request, args, kwargs)
        if isinstance(page, SitePage) and response.status_code == 200:
            now = page.now()
            seconds = cache_seconds(longest=LONGEST, until=page.next_change(now), now=now)
            patch_cache_control(response, public=True, max_age=seconds)
        return response

    return cached
