"""What stands still between changes: kept for a minute, and forgotten when staff change anything that visitors see.

Numbers, states and times are never kept here; they come from the database each time a page is made. All of it is
kept by the process itself: as it is where everybody only reads it (`here`), as a copy where a request may change it
(`standing`). What the processes have in common is two numbers, which version of everything is shown now.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache, caches
from django.core.cache.backends.locmem import LocMemCache

SECONDS = 60
# Changed by staff, and read by both surfaces; changed by a visitor (a name that is taken away), and read by the public
# surface alone. So staff read nothing that the public surface can write.
BY_STAFF, BY_VISITORS = GENERATIONS = ("told:generation", "pages:generation")
ASKED_AGAIN = 0.5  # seconds
MOST = 1000  # things a process keeps of each kind; then it begins anew

T = TypeVar("T")

_copies = LocMemCache("standing", {"OPTIONS": {"MAX_ENTRIES": MOST}})
_here: dict[tuple[str, str], tuple[float, Any]] = {}
_known = (0.0, "")  # until when this process does not ask again, and the generation


def generation() -> str:
    """Which version of everything is shown now; asked of the surface's cache twice a second."""
    if time.monotonic() >= _known[0]:
        learn(cache.get_many(GENERATIONS))
    return _known[1]


def learn(found: Mapping[str, Any]) -> str:
    """The generation, from what the surface's cache says at this moment, for who has asked it anyway."""
    global _known
    told = ".".join(str(found.get(name) or 0) for name in GENERATIONS)
    _known = time.monotonic() + ASKED_AGAIN, told
    return told


def forget() -> None:
    """Make everything anew. Staff leave word of it in the public surface's cache too, a number that only they write."""
    forget_here()
    now = time.time_ns()
    cache.set(BY_VISITORS if settings.SURFACE == "public" else BY_STAFF, now, None)
    if "public" in settings.CACHES:
        caches["public"].set(BY_STAFF, now, None)


def forget_here() -> None:
    """Drop what this process keeps by itself."""
    global _known
    _known = (0.0, "")
    _here.clear()
    _copies.clear()


def standing(name: str, make: Callable[[], T]) -> T:
    """What `make` returns, or has returned lately under this name. That there is nothing is not kept: anybody can ask
    for what is not there, and would push out what is."""
    if not settings.PAGE_CACHE:
        return make()
    key = f"{generation()}:{name}"
    kept = _copies.get(key)
    if kept is None and (kept := make()) is not None:
        _copies.set(key, kept, SECONDS)
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
