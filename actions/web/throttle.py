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
from actions.signing import limits
from actions.signing.models import SigningRules

HOUR, TEN_MINUTES = 3600, 600


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


def look(request: HttpRequest, rules: SigningRules, *, what: str = "sign", petition: int = 0) -> Seen:
    """Count this request towards the windows of its networks, and say whether one is full; of a shared one none is.

    The nearest network has ten minutes and an hour, wider ones an hour with a larger limit. Of a `petition` it is also
    counted how many come from networks that nobody has come from in this hour.
    """
    address = address_of(request)
    near, *wider = networks_of(address)
    network = _hash(near.name)
    now = int(timezone.now().timestamp())
    counts = [_count(f"{what}:{length}:{now // length}:{network.hex()}", length) for length in (TEN_MINUTES, HOUR)]
    allowed = [rules.per_ten_minutes, rules.per_hour]
    for one in wider:
        counts.append(_count(f"{what}:{HOUR}:{now // HOUR}:{_hash(one.name).hex()}", HOUR))
        allowed.append(rules.per_hour * one.times)
    is_new = petition and counts[-1] == 1
    hurry = _hurry(petition, now // HOUR, is_new=is_new, percent=rules.new_networks_percent) if petition else False
    too_many = exceeded(counts, allowed) or bool(is_new and hurry)
    return Seen(too_many and not (address and limits.is_shared(str(address))), network)


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
    return hmac.digest(_key_of_the_hour(int(timezone.now().timestamp()) // HOUR), network.encode(), sha256)[:8]


@lru_cache(maxsize=1)
def _key_of_the_hour(hour: int) -> bytes:
    """The same in every process: whoever asks first makes it."""
    cache = caches["throttle"]
    name = f"network-key:{hour}"
    made = secrets.token_bytes(32)
    cache.add(name, made, timeout=HOUR * 2)
    return cache.get(name) or made
