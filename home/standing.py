"""What stands still between changes: kept for a minute, and forgotten when staff change anything that visitors see.

Numbers, states and times are never kept here; they come from the database each time a page is made. What everybody only
reads is kept by the process itself as it is (`here`); what a request may change, or what is large, lies in the shared
cache as a copy (`standing`).
"""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache

SECONDS = 60
GENERATION = "pages:generation"
ASKED_AGAIN = 0.5  # seconds
MOST = 1000  # things a process keeps; then it begins anew

T = TypeVar("T")

_here: dict[tuple[int, str], tuple[float, Any]] = {}
_known = (0.0, 0)  # until when this process does not ask again, and the generation


def generation() -> int:
    """Which version of everything is shown now; asked of the shared cache twice a second."""
    now = time.monotonic()
    if now >= _known[0]:
        learn(cache.get(GENERATION, 0))
    return _known[1]


def learn(generation: int) -> None:
    """What the shared cache says at this moment, for who has asked it anyway."""
    global _known
    _known = time.monotonic() + ASKED_AGAIN, generation


def forget() -> None:
    """Make everything anew."""
    forget_here()
    cache.set(GENERATION, time.time_ns(), None)


def forget_here() -> None:
    """Drop what this process keeps by itself."""
    global _known
    _known = (0.0, 0)
    _here.clear()


def standing(name: str, make: Callable[[], T]) -> T:
    """What `make` returns, or has returned lately under this name. That there is nothing is not kept: anybody can ask
    for what is not there, and would push out what is."""
    if not settings.PAGE_CACHE:
        return make()
    key = f"standing:{generation()}:{name}"
    kept = cache.get(key)
    if kept is None and (kept := make()) is not None:
        cache.set(key, kept, SECONDS)
    return kept


def here(name: str, make: Callable[[], T]) -> T:
    """The same, in this process alone and without a copy: every thread gets the one object and must not change it."""
    if not settings.PAGE_CACHE:
        return make()
    key = (generation(), name)
    until, kept = _here.get(key, (0.0, None))
    if time.monotonic() < until:
        return kept
    if (made := make()) is not None:
        if len(_here) >= MOST:
            _here.clear()
        _here[key] = time.monotonic() + SECONDS, made
    return made
