"""What stands still between changes: kept for a minute, and forgotten when staff change anything that visitors see.

Numbers, states and times are never kept here; they come from the database each time a page is made.
"""

import time
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.core.cache import cache

SECONDS = 60
GENERATION = "pages:generation"

T = TypeVar("T")


def generation() -> int:
    """Which version of everything is shown now."""
    return cache.get(GENERATION, 0)


def forget() -> None:
    """Make everything anew."""
    cache.set(GENERATION, time.time_ns(), None)


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
