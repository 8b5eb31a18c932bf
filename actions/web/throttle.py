"""How many signatures came from one network lately. Counted in the shared cache under a hash whose key lives an hour.

The key is random, changes every hour, and is never written anywhere but to that cache; a process
remembers its last one. With it gone, nobody can tell which network a hash stood for. Above a limit signatures are held,
never refused.
"""

import hmac
import secrets
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils import timezone

from actions.rules.network import Address, client_address, exceeded, networks_of, too_many_new
from actions.signing.models import SigningRules

HOUR, TEN_MINUTES = 3600, 600


# Of what is answered at once, not held: nobody is told here which networks many share (docs/decisions/0034).
TIMES_OF_ANSWERS = 20


class Seen(NamedTuple):
    """What is known of where a request came from: too many from there? and a hash of its network, for this hour."""

    too_many: bool
    network: bytes


def address_of(request: HttpRequest) -> Address | None:
    """The client's address, through as many proxies as `TRUSTED_PROXIES` says."""
    return client_address(
        forwarded=request.META.get("HTTP_X_FORWARDED_FOR", ""),
        peer=request.META.get("REMOTE_ADDR", ""),
        depth=settings.TRUSTED_PROXIES,
    )


def look(request: HttpRequest, rules: SigningRules, *, petition: int) -> Seen:
    """Count a signature towards the windows of its networks, and say whether one is full.

    The nearest network has ten minutes and an hour, wider ones an hour with a larger limit. Of the petition it is also
    counted how many come from networks that nobody has come from in this hour. Whether many share that network today,
    so that it has no limit, the database alone knows (`signing.sign`).
    """
    counts, allowed, network = _windows(request, rules, "sign", 1)
    is_new = counts[-1] == 1
    hurry = _hurry(petition, _this_hour(), is_new=is_new, percent=rules.new_networks_percent)
    return Seen(exceeded(counts, allowed) or (is_new and hurry), network)


def is_full(request: HttpRequest, rules: SigningRules, *, what: str, times: int = TIMES_OF_ANSWERS) -> bool:
    """Count a question (`what`: a code, a link, a reminder) towards the windows of its networks; must it wait?"""
    counts, allowed, _network = _windows(request, rules, what, times)
    return exceeded(counts, allowed)


def _windows(request: HttpRequest, rules: SigningRules, what: str, times: int) -> tuple[list[int], list[int], bytes]:
    near, *wider = networks_of(address_of(request))
    network = _hash(near.name)
    now = int(timezone.now().timestamp())
    counts = [_count(f"{what}:{length}:{now // length}:{network.hex()}", length) for length in (TEN_MINUTES, HOUR)]
    allowed = [rules.per_ten_minutes, rules.per_hour]
    for one in wider:
        counts.append(_count(f"{what}:{HOUR}:{now // HOUR}:{_hash(one.name).hex()}", HOUR))
        allowed.append(rules.per_hour * one.times)
    return counts, [limit * times for limit in allowed], network


def _this_hour() -> int:
    return int(timezone.now().timestamp()) // HOUR


def _hurry(petition: int, hour: int, *, is_new: bool, percent: int) -> bool:
    """Count one more signature of this hour; whether too many of them come from new networks."""
    every = _count(f"all:{petition}:{hour}", HOUR)
    name = f"new:{petition}:{hour}"
    new = _count(name, HOUR) if is_new else caches["throttle"].get(name, 0)
    return too_many_new(new=new, of=every, percent=percent)


def _count(key: str, seconds: int) -> int:
    cache = caches["throttle"]
    try:
        return cache.incr(key)
    except ValueError:  # the first of this window
        return 1 if cache.add(key, 1, timeout=seconds * 2) else cache.incr(key)


def _hash(network: str) -> bytes:
    return hmac.digest(_key_of_the_hour(_this_hour()), network.encode(), sha256)[:8]


@lru_cache(maxsize=1)
def _key_of_the_hour(hour: int) -> bytes:
    """The same in every process: whoever asks first makes it."""
    cache = caches["throttle"]
    name = f"network-key:{hour}"
    made = secrets.token_bytes(32)
    cache.add(name, made, timeout=HOUR * 2)
    return cache.get(name) or made
