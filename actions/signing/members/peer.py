"""The one membership system: its epoch, the key of its contacts, whether it may be told at the moment."""

import hmac
import logging
import secrets
from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

import uuid_utils.compat as uuid
from django.conf import settings
from django.core.cache import caches
from django.db.models.functions import Now
from django.utils import timezone

from actions.rules.address import every_canonical

from .. import keys
from ..models import Alarm, MemberContact, MemberSystem

log = logging.getLogger(__name__)

HOUR = 3600
REFUSED = 20  # wrong tokens in an hour that are told of


def is_told() -> bool:
    """Whether there is a membership system at all."""
    return bool(settings.MEMBERS_WEBHOOK or settings.MEMBERS_TOKENS)


def system() -> MemberSystem:
    """The one row; made where there is none. Raises KeyLost where it must be made and no master key is here."""
    found = MemberSystem.objects.filter(pk=1).first()
    if found is None:
        found, _new = MemberSystem.objects.get_or_create(
            pk=1, defaults={"wrapped_key": keys.wrap(secrets.token_bytes(32))}
        )
    return found


def contact_key(of: MemberSystem, email: str) -> bytes:
    """What stands for an address in this interface alone: nothing without a master key. Raises BadAddress, KeyLost.

    A contact that is known under a version of the canonical form from before goes on being that one.
    """
    key = keys.unwrap(bytes(of.wrapped_key))
    newest, *before = [hmac.digest(key, canonical.encode(), sha256) for canonical in every_canonical(email)]
    if before and not MemberContact.objects.filter(key=newest).exists():
        return next((known for known in before if MemberContact.objects.filter(key=known).exists()), newest)
    return newest


def begin_epoch() -> UUID | None:
    """After a restore: cursors of before are no longer good, and who still wants to hear from us is told of once more.

    None where nobody was ever told of anything.
    """
    new = uuid.uuid7()
    begun = MemberSystem.objects.filter(pk=1).update(epoch=new, begun_at=Now(), quiet_until=None, failures=0)
    # What was taken since the backup nobody knows: an end is rather told once too often.
    MemberContact.objects.filter(tried_at=None).update(tried_at=Now())
    MemberContact.objects.filter(taken_at=None).update(taken_at=Now())
    return new if begun else None


def will_try(contact: UUID | None) -> bool:
    """Note that a contact is about to be told of; False where that was noted before.

    To be committed before anything leaves the house: whatever is answered, an end will be told.
    """
    return bool(contact and MemberContact.objects.filter(pk=contact, tried_at=None).update(tried_at=Now()))


def was_taken(contacts: Iterable[UUID]) -> None:
    """Note that the membership system knows of contacts."""
    MemberContact.objects.filter(pk__in=contacts, taken_at=None).update(taken_at=Now())


def begin_again() -> None:
    """Go on telling a system that had said not to (401, 403, 410), or that is waited for."""
    MemberSystem.objects.filter(pk=1).update(stopped="", quiet_until=None, failures=0, trouble_since=None)


def token_fits(given: str) -> bool:
    """Whether a bearer token is one of those that were set; in the same time whatever is wrong."""
    fits = [hmac.compare_digest(given.encode(), wanted.encode()) for wanted in settings.MEMBERS_TOKENS]
    return any(fits)


def token_refused() -> None:
    """Count a wrong token; raise an alarm where there are many in an hour."""
    hour = int(timezone.now().timestamp()) // HOUR
    name, cache = f"members-refused:{hour}", caches["throttle"]
    cache.add(name, 0, timeout=2 * HOUR)
    try:
        number = cache.incr(name)
    except ValueError:
        return
    if number == REFUSED:
        raise_alarm("token", number)


def raise_alarm(subject: str, number: int = 1) -> None:
    """Say once an hour that the membership system is not told, or that somebody tries tokens; never an address."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    log.error("membership system: %s", subject)
    Alarm.objects.get_or_create(
        kind=Alarm.Kind.MEMBERS, petition=None, subject=subject, hour=hour, defaults={"number": number}
    )
