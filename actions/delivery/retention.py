"""Which petitions must forget their signers: the rule asks for the end and the last hand-over."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Max
from django.utils import timezone

from actions.rules.days import start_of
from actions.rules.errors import ChangeRefused
from actions.rules.retention import forget_at
from actions.signing import members, retention
from actions.signing.models import Alarm, Petition

SOON = timedelta(days=7)  # in which what the membership system has not taken is told to staff each day


class Term(NamedTuple):
    """When a petition forgets; `at` is None while no end is set."""

    petition: Petition
    at: datetime | None

    def is_due(self, now: datetime) -> bool:
        return self.at is not None and self.at <= now and not self.petition.legal_hold


def term(petition: Petition) -> Term:
    """When this petition forgets its signers."""
    last = petition.deliveries.aggregate(day=Max("delivered_on"))["day"]
    return _term(petition, last)


def term_of(petition: Petition) -> Term:
    """The term of a petition that was fetched with its `last_day` of a hand-over."""
    return _term(petition, petition.last_day)


def terms() -> Iterator[Term]:
    """The terms of all petitions that have not forgotten yet."""
    for petition in Petition.objects.filter(forgotten_at=None).annotate(last_day=Max("deliveries__delivered_on")):
        yield _term(petition, petition.last_day)


def _term(petition: Petition, last_day: Any) -> Term:
    delivered = start_of(last_day, timezone.get_default_timezone()) if last_day else None
    return Term(
        petition, forget_at(ends_at=petition.ends_at, last_delivered_at=delivered, days=petition.retention_days)
    )


def forget_due(now: datetime, *, by: Any = None) -> dict[int, int]:
    """Forget the signers of every petition whose term is over; returns signers deleted by petition id."""
    deleted = {}
    for found in terms():
        if found.is_due(now):
            lost = members.untold(found.petition)
            try:
                deleted[found.petition.pk] = retention.forget(petition=found.petition, by=by)
            except ChangeRefused:
                continue  # a legal hold was set in this very moment
            if lost:
                _alarm(found.petition, "forgotten untold", lost, now)
    return deleted


def look_at_untold(now: datetime) -> int:
    """Say once a day which forms forget within a week people that the membership system was never told of, and try once
    more what was given up; returns how many forms. Nothing is kept longer for it."""
    found = 0
    for due in terms():
        if not due.is_due(now + SOON) or not (number := members.untold(due.petition)):
            continue
        found += 1
        if _alarm(due.petition, "forgotten soon", number, now):
            members.try_once_more(due.petition)
    return found


def _alarm(petition: Petition, subject: str, number: int, now: datetime) -> list[Alarm]:
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return Alarm.objects.raise_once(Alarm.Kind.MEMBERS, petition=petition, subject=subject, number=number, hour=day)
