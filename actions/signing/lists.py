"""The block and allow lists: putting an address or a host on one, and asking what stands there. For staff and commands.

Signing looks there by itself, in the database (`actions_sign_by_lists`).
"""

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Q

from actions.rules import address

from .keys import address_value
from .models import ListedAddress
from .own_keys import require_digest_secret


def put(
    *, which: ListedAddress.List, reason: str, by: Any, until: datetime | None = None, email: str = "", host: str = ""
) -> ListedAddress:
    """Put an address or a host on a list, until an instant or for good; what stood there of it before is replaced.

    The address is digested and not kept. Raises BadAddress and WrongSecret.
    """
    if email:
        require_digest_secret()
        one: dict[str, Any] = {"digest": _digest(email)}
    else:
        one = {"host": address.canonical_host(host)}
    listed, _is_new = ListedAddress.objects.update_or_create(
        **one, defaults={"list": which, "reason": reason, "until": until, "by": by}
    )
    return listed


def listed(email: str) -> ListedAddress | None:
    """What holds for an address, as the database finds it when somebody signs. Raises BadAddress and WrongSecret."""
    require_digest_secret()
    hosts = address.hosts_of(address.canonical(email))
    found = ListedAddress.objects.in_force().filter(Q(digest=_digest(email)) | Q(host__in=hosts))
    return min(found, key=lambda one: -len(one.host) if one.host else -1000, default=None)


def told(one: ListedAddress) -> dict[str, Any]:
    """What stands on a list of an address, for who asks what we hold (art. 15)."""
    until = one.until.isoformat() if one.until else None
    return {"list": one.list, "host": one.host, "reason": one.reason, "since": one.at.isoformat(), "until": until}


def _digest(email: str) -> bytes:
    """As `actions_listed` makes it: none of a petition's, so that the tables do not tell what the address signed."""
    return sha256(b"listed" + address_value(address.canonical(email))).digest()
