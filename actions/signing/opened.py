"""How many signers one person of staff opens: a limit for an hour, and alarms before it, at it, and at many exports.

Counted from the audit trail, so that nothing is counted that is not recorded. A session that was stolen, or a person
who looks for more than the work asks, is told of to others (actions/web/alarm_mail.py) while it happens.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Case, F, Q, Sum, Value, When
from django.db.models.functions import Now
from django.utils import timezone

from . import audit, limits
from .models import Alarm, AuditRecord

HOUR = timedelta(hours=1)
SHOWN = (audit.Verb.OPENED, audit.Verb.DISCLOSED)  # records that say how many people somebody saw
COUNTED = (*SHOWN, audit.Verb.SEARCHED)  # looking for an address tells of one person, found or not
CLAIMED = 10  # signers in a file for a claim that raise no alarm
# The purpose of a MATCHED that only counts. Its answer is one number, so it costs one, however many were looked at; but
# who asks often enough reads a name by it, letter by letter.
DRY_COUNT = "dry count"


class TooManyOpened(Exception):
    """One person has opened as many signers within an hour as the limits allow."""

    def __init__(self, opened: int, limit: int) -> None:
        super().__init__(f"{opened} of {limit}")
        self.opened, self.limit = opened, limit


def lately(user: Any) -> int:
    """Count the signers somebody has opened or looked for within the last hour."""
    rows = AuditRecord.objects.filter(
        Q(verb__in=COUNTED) | Q(verb=audit.Verb.MATCHED, purpose=DRY_COUNT),
        actor=audit.Actor.STAFF,
        actor_id=user.pk,
        at__gt=Now() - HOUR,
    ).order_by()
    people = Case(When(verb__in=SHOWN, then=F("number")), default=Value(1))
    return rows.aggregate(n=Sum(people))["n"] or 0


def record(
    verb: audit.Verb,
    *,
    by: Any,
    petition: int | None = None,
    signature: UUID | None = None,
    number: int = 1,
    purpose: str = "",
    many: Iterable[UUID] = (),
) -> None:
    """Add the record of an opening or a search; for staff within the limit of an hour. Raises TooManyOpened."""
    is_counted = verb in COUNTED or (verb == audit.Verb.MATCHED and purpose == DRY_COUNT)
    if not by or isinstance(by, audit.Actor) or not is_counted:
        audit.record(verb, by=by, petition=petition, signature=signature, number=number, purpose=purpose, many=many)
        return
    cost = number if verb in SHOWN else 1
    with transaction.atomic():
        get_user_model().objects.select_for_update(no_key=True).get(pk=by.pk)  # one request of a person after the other
        limit, opened = limits.rules().names_per_hour, lately(by)
        refused = bool(limit) and opened + cost > limit
        if not refused:
            audit.record(verb, by=by, petition=petition, signature=signature, number=number, purpose=purpose, many=many)
            opened += cost
        of_person = {"subject": by.get_username(), "hour": timezone.now().replace(minute=0, second=0, microsecond=0)}
        if refused:
            Alarm.objects.raise_once(Alarm.Kind.NAMES_LIMIT, number=opened + cost, **of_person)
        elif limit and opened * 2 > limit:
            Alarm.objects.raise_once(Alarm.Kind.NAMES, number=opened, **of_person)
    if refused:
        raise TooManyOpened(opened, limit)


def export_asked(by: Any) -> None:
    """Raise an alarm where somebody has asked for more exports today than is usual."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    asked = AuditRecord.objects.filter(
        actor=audit.Actor.STAFF, actor_id=by.pk, verb=audit.Verb.EXPORT_ASKED, at__gte=today
    ).count()
    usual = limits.rules().exports_per_day
    if usual and asked > usual:
        Alarm.objects.raise_once(Alarm.Kind.EXPORTS, subject=by.get_username(), number=asked, hour=today)


def claimed(by: Any, number: int) -> None:
    """Raise an alarm where somebody takes many signers with their addresses as a legal claim: nobody agreed to that, so
    whoever answers for the protection of data hears of it."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    if number > CLAIMED:
        Alarm.objects.raise_once(Alarm.Kind.CLAIM, subject=by.get_username(), number=number, hour=today)
