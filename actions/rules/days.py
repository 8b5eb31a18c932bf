"""Days and times as the organisation's clock on the wall says them, and the instants they mean.

"Ends 25 October" means up to the next local midnight, exclusive. Twice a year the wall clock skips or repeats an
hour; a time in that hour is refused rather than guessed.
"""

import calendar
from datetime import UTC, date, datetime, time, timedelta, tzinfo


class TimeDoesNotExist(ValueError):
    """The clock was put forward over this time."""


class TimeExistsTwice(ValueError):
    """The clock was put back over this time: it came twice."""


def instant(day: date, at: time, zone: tzinfo) -> datetime:
    """The one instant (UTC) at which the clock in `zone` shows `at` on `day`.

    Raises TimeDoesNotExist or TimeExistsTwice where there is none, or two.
    """
    first = datetime.combine(day, at, tzinfo=zone)
    second = first.replace(fold=1)
    if first.utcoffset() != second.utcoffset():
        back = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
        raise TimeExistsTwice if back == first.replace(tzinfo=None) else TimeDoesNotExist
    return first.astimezone(UTC)


def start_of(day: date, zone: tzinfo) -> datetime:
    return instant(day, time.min, zone)


def end_of(day: date, zone: tzinfo) -> datetime:
    """The first instant after `day`: the next local midnight."""
    return start_of(day + timedelta(days=1), zone)


def last_day(ends_at: datetime, zone: tzinfo) -> date:
    """The last day on which one can sign when the end is `ends_at`, exclusive."""
    return (ends_at - timedelta(microseconds=1)).astimezone(zone).date()


def ends_at_midnight(ends_at: datetime, zone: tzinfo) -> bool:
    return ends_at.astimezone(zone).time() == time.min


def months_later(day: date, months: int) -> date:
    """The same day some months later, or the last of a month that is shorter: how terms of the law are counted."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
