"""The figures of a petition, for staff. Each is one named function; they stay when the signers are forgotten.

Graphs and languages come from the tallies, which are the signatures by hour and language (`counting` proves it);
countries from the signatures themselves.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Count, Sum
from django.utils import timezone

from .models import Petition, Signature, Tally


class Bar(NamedTuple):
    """How many were counted from one instant to the next; `unfinished` while that time is not over."""

    start: datetime
    number: int
    unfinished: bool = False


class Share(NamedTuple):
    key: str
    number: int


class Pace(NamedTuple):
    """Signatures a day over the last full days, and what they promise. `reached_on` is None where it cannot be said."""

    a_day: float
    days: int
    reached_on: date | None
    needed_a_day: float | None


LONGEST_BY_DAY = 190  # days; a longer time is drawn by weeks


def by_hour(petition: Petition, *, since: datetime, until: datetime, now: datetime) -> list[Bar]:
    """One bar for each hour, empty ones included."""
    first = since.replace(minute=0, second=0, microsecond=0)
    found = _tallies(petition, first, until)
    bars, hour = [], first
    while hour < until:
        bars.append(Bar(hour, found.get(hour, 0), hour <= now < hour + timedelta(hours=1)))
        hour += timedelta(hours=1)
    return bars


def by_day(petition: Petition, *, now: datetime, zone: tzinfo) -> list[Bar]:
    """One bar for each day of the organisation from the first signature or the opening on, empty days included."""
    found: dict[date, int] = defaultdict(int)
    for hour, number in _tallies(petition, None, None).items():
        found[hour.astimezone(zone).date()] += number
    starts = [d for d in (min(found, default=None), _day(petition.opens_at, zone)) if d]
    today = now.astimezone(zone).date()
    if not starts or min(starts) > today:
        return []
    end = petition.ends_at and (petition.ends_at - timedelta(microseconds=1)).astimezone(zone).date()
    last = max([d for d in (min(today, end or today), max(found, default=None)) if d])
    days = (last - min(starts)).days + 1
    return [
        Bar(datetime.combine(day, datetime.min.time(), zone), found.get(day, 0), day == today)
        for day in (min(starts) + timedelta(days=n) for n in range(days))
    ]


def by_week(days: Iterable[Bar], *, now: datetime) -> list[Bar]:
    """The same, a bar for seven days, for what lasted long."""
    weeks: list[Bar] = []
    rows = list(days)
    for first in range(0, len(rows), 7):
        part = rows[first : first + 7]
        weeks.append(Bar(part[0].start, sum(bar.number for bar in part), part[-1].unfinished))
    return weeks


def today(petition: Petition, *, now: datetime, zone: tzinfo) -> int:
    """Counted online since midnight, in the organisation's time."""
    midnight = datetime.combine(now.astimezone(zone).date(), datetime.min.time(), zone)
    return sum(_tallies(petition, midnight, None).values())


def by_language(petition: Petition) -> list[Share]:
    """Counted online, by the language of the page."""
    rows = Tally.objects.filter(petition=petition).values_list("language").annotate(n=Sum("counted")).order_by()
    return _sorted(Share(language, n) for language, n in rows if n)


def by_country(petition: Petition, *, fresh_for: int = 300) -> list[Share]:
    """Counted online, by the country signers gave; at most `fresh_for` seconds old."""
    key = f"countries-of-{petition.pk}"
    found = cache.get(key)
    if found is None:
        rows = Signature.objects.counted().filter(petition=petition).exclude(country="")
        found = list(rows.values_list("country").annotate(n=Count("*")).order_by())
        cache.set(key, found, fresh_for)
    return _sorted(Share(country, n) for country, n in found)


def by_state(petition: Petition) -> dict[str, int]:
    """How many do not count, and why, by state; those that count are in the total."""
    rows = Signature.objects.filter(petition=petition).exclude(state=Signature.State.COUNTED)
    return dict(rows.values_list("state").annotate(n=Count("*")).order_by())


def pace(petition: Petition, days: list[Bar], *, total: int, goal: int, now: datetime, window: int = 7) -> Pace | None:
    """Signatures a day over the last full days, at most `window`; None before there is a full day."""
    full = [bar for bar in days if not bar.unfinished][-window:]
    if not full:
        return None
    a_day = sum(bar.number for bar in full) / len(full)
    missing = max(0, goal - total)
    reached = (now + timedelta(days=missing / a_day)).date() if a_day and missing / a_day < 3650 else None
    left = (petition.ends_at - now).total_seconds() / 86400 if petition.ends_at and petition.ends_at > now else None
    return Pace(a_day, len(full), reached if missing else None, missing / left if left and missing else None)


def _tallies(petition: Petition, since: datetime | None, until: datetime | None) -> dict[datetime, int]:
    rows = Tally.objects.filter(petition=petition)
    if since:
        rows = rows.filter(hour__gte=since)
    if until:
        rows = rows.filter(hour__lt=until)
    return dict(rows.values_list("hour").annotate(n=Sum("counted")).order_by())


def _day(at: datetime | None, zone: tzinfo) -> date | None:
    return timezone.localtime(at, zone).date() if at else None


def _sorted(shares: Iterable[Share]) -> list[Share]:
    return sorted(shares, key=lambda share: (-share.number, share.key))
