"""Where an address leads nowhere, or what was sent cannot be read: a page of the site all the same, with its menu, a
search, and actions that can be signed.

An error page must never fail itself. Whatever goes wrong while its frame is made, the bare page is shown, which asks
nothing of anybody, and for some seconds nobody tries again: whoever is lost waits for no database that is away.
"""

import logging
import time
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from home.standing import SECONDS, generation

log = logging.getLogger(__name__)

PAUSE = 10.0  # seconds without a try after one that failed
_not_before = 0.0


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return shown(request, HTTPStatus.NOT_FOUND)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return shown(request, HTTPStatus.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return shown(request, HTTPStatus.FORBIDDEN)


def shown(request: HttpRequest, status: int) -> HttpResponse:
    """The page of this status, in the frame of the site where that can be made."""
    name = f"{int(status)}.html"
    return HttpResponse(_framed(request, name) or render_to_string(name, request=request), status=status)


def _framed(request: HttpRequest, name: str) -> str:
    global _not_before
    if request.path_info.startswith(settings.NOT_FOR_EVERYBODY) or time.monotonic() < _not_before:
        return ""
    try:
        request.get_host()
        return render_to_string(name, _frame(), request=request)
    except DisallowedHost:
        return ""
    except Exception as error:  # the page that tells of an error has none of its own
        _not_before = time.monotonic() + PAUSE
        log.error("the frame of an error page could not be made: %s", type(error).__name__)
        return ""


def _frame() -> dict[str, object]:
    """Kept once for each language, never under the address: anybody can ask for any, and one may be a secret."""
    for_so_long = SECONDS if settings.PAGE_CACHE else 0
    version = generation() if for_so_long else 0
    return {
        "base": "_lost.html",
        "lost": True,
        "kept": 0,
        "kept_without_query": 0,
        "lost_kept": for_so_long,
        "generation": version,
    }
