"""Public answers, kept by the process or in the shared cache, so that a page is made once however many ask for it.

What is kept is what says it may be (`Cache-Control: public`, a lifetime), under host, path and the few parameters the
address reads (see `reads`); headers and cookies change nothing. One request makes a stale answer anew while others get
the old one, or wait for it where there is none. Nobody waits for what was found not to be kept: that is remembered too.
A change in the admin forgets everything at once (see `purging`).

Django's own cache middleware keys by the whole query string, lets everybody make an expired page at the same time, and
cannot forget a page with all its variants.
"""

import gzip
import time
from hashlib import blake2b
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import DisallowedHost, MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from home.standing import GENERATIONS, learn

from .caching import PERSONAL, is_plain, shortly
from .reads import asked_of

LONGEST_QUERY, LARGEST, WORTH_GZIP = 200, 1_000_000, 500
KEPT = (200, 301, 302, 404)
NEVER = (*settings.NOT_FOR_EVERYBODY, settings.DOCUMENTS_URL, settings.STATIC_URL, settings.MEDIA_URL)
WAIT, PATIENCE = 0.02, 1.0
# Seconds for which nobody waits for an answer that was not to be kept; after an error, or for somebody else, it may be
# another one soon.
PASSED, PASSED_ONCE = 10, 1


class Lifetime(NamedTuple):
    """Seconds (or instants) an answer is fresh, is shown while a new one is made, and is shown where none can be."""

    fresh: float
    stale: float
    without_us: float


class Kept(NamedTuple):
    """An answer as it was made, in text, numbers and bytes, and until when it may be shown."""

    status: int
    headers: dict[str, str]
    body: bytes
    gzipped: bytes
    etag: str
    route: str
    until: Lifetime


class PageCache:
    """Middleware, outside of all that makes a page."""

    def __init__(self, get_response) -> None:
        if not settings.PAGE_CACHE:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = _name(request) if request.method in ("GET", "HEAD") else None
        if name is None:
            return self.get_response(request)
        values = cache.get_many((*GENERATIONS, name))
        generation = learn(values)
        found, now = _found(values.get(name), generation), time.time()
        if _was_passed(values.get(name), generation) or (found and not _fits(request, found)):
            return shortly(request, self.get_response(request))
        if found and now < found.until.fresh:
            return _answer(request, found, now)
        if cache.add(f"{name}:making", 1, timeout=10):
            try:
                return self._made(request, name, generation)
            finally:
                cache.delete(f"{name}:making")
        if found and now < found.until.stale:
            return _answer(request, found, now)
        return self._waited(request, name, generation)

    def _made(self, request: HttpRequest, name: str, generation: str) -> HttpResponse:
        response = shortly(request, self.get_response(request))
        lifetime = _lifetime(response)
        if request.method == "HEAD":
            return response
        if lifetime is None or len(response.content) > LARGEST:
            lasting = response.status_code < 500 and is_plain(request)
            cache.set(name, (generation, None), timeout=PASSED if lasting else PASSED_ONCE)
            return response
        made = _kept(request, response, lifetime)
        cache.set(name, (generation, made), timeout=lifetime.stale)
        return _answer(request, made, time.time())

    def _waited(self, request: HttpRequest, name: str, generation: str) -> HttpResponse:
        """What another request is making, or what this one makes where that takes too long or cannot be kept."""
        until = time.time() + PATIENCE
        while time.time() < until and cache.get(f"{name}:making"):
            time.sleep(WAIT)
        found = _found(cache.get(name), generation)
        if found and time.time() < found.until.stale and _fits(request, found):
            return _answer(request, found, time.time())
        return shortly(request, self.get_response(request))


def _name(request: HttpRequest) -> str | None:
    """Under which an answer is kept; None for what is not: the admin, and what somebody has typed."""
    try:
        host = request.get_host()
    except DisallowedHost:
        return None
    if request.path_info.startswith(NEVER) or PERSONAL in request.path_info:
        return None
    read = asked_of(request.path_info, request.GET) if request.GET else {}
    query = urlencode(read)
    if "q" in read or len(query) > LONGEST_QUERY:
        return None
    asked = f"{request.scheme}://{host}{request.path}?{query}"
    return "page:" + blake2b(asked.encode(errors="replace"), digest_size=16).hexdigest()


def _lifetime(response: HttpResponse) -> Lifetime | None:
    """In seconds from now; None for what is not for everybody."""
    parts = dict(part.strip().partition("=")[::2] for part in response.get("Cache-Control", "").lower().split(","))
    if response.status_code not in KEPT or response.streaming or response.cookies or "public" not in parts:
        return None
    if "accept-language" in response.get("Vary", "").lower():
        return None
    fresh = int(parts.get("max-age", 0))
    stale = fresh + int(parts.get("stale-while-revalidate", 0))
    return Lifetime(fresh, stale, fresh + int(parts.get("stale-if-error", 0))) if fresh else None


def _found(value: Any, generation: str) -> Kept | None:
    """What is kept, if it is of this generation; whatever else lies there is as good as nothing."""
    try:
        made_in, (*parts, until) = value
        return Kept(*parts, until=Lifetime(*until)) if made_in == generation else None
    except (TypeError, ValueError):
        return None


def _was_passed(value: Any, generation: str) -> bool:
    """Whether it is known of this generation that the answer is not kept."""
    return isinstance(value, (list, tuple)) and list(value) == [generation, None]


def _fits(request: HttpRequest, kept: Kept) -> bool:
    """Where a redirect leads, and whether there is one, may hang on more than a page does."""
    return kept.status == 200 or is_plain(request)


def _kept(request: HttpRequest, response: HttpResponse, lifetime: Lifetime) -> Kept:
    body, now = response.content, time.time()
    gzipped = gzip.compress(body, 6, mtime=0) if len(body) > WORTH_GZIP and _is_text(response) else b""
    if gzipped:
        patch_vary_headers(response, ("Accept-Encoding",))
    return Kept(
        status=response.status_code,
        headers={key: value for key, value in response.items() if key.lower() != "x-request-id"},
        body=body,
        gzipped=gzipped,
        etag=response.get("ETag") or 'W/"%s"' % blake2b(body, digest_size=12).hexdigest(),  # noqa: UP031
        route=request.resolver_match.route if request.resolver_match else "",
        until=Lifetime(*(now + seconds for seconds in lifetime)),
    )


def _is_text(response: HttpResponse) -> bool:
    kind = response.get("Content-Type", "")
    return kind.startswith("text/") or "json" in kind or "xml" in kind


def _answer(request: HttpRequest, kept: Kept, now: float) -> HttpResponse:
    """The answer for this request: whole, gzipped, or that nothing has changed. Its lifetime is what is left of it."""
    takes_gzip = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    body, more = (kept.gzipped, {"Content-Encoding": "gzip"}) if kept.gzipped and takes_gzip else (kept.body, {})
    headers = kept.headers | more | {"Content-Length": str(len(body)), "ETag": kept.etag}
    response = HttpResponse(body, status=kept.status, headers=headers)
    fresh, stale, without_us = (max(0, int(until - now)) for until in kept.until)
    response.headers["Cache-Control"] = (
        f"public, max-age={fresh}, stale-while-revalidate={stale - fresh}, stale-if-error={without_us - fresh}"
    )
    request.kept_route = kept.route
    if "HTTP_IF_NONE_MATCH" not in request.META or response.status_code != 200:
        return response
    return get_conditional_response(request, etag=kept.etag, response=response) or response
