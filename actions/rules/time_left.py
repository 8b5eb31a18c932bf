"""How long is left to sign, in the unit a person would use."""

from datetime import datetime, tzinfo
from typing import NamedTuple

from .days import last_day


class TimeLeft(NamedTuple):
    unit: str  # "days", "last day", "hours" or "minutes"
    number: int


def time_left(*, ends_at: datetime, now: datetime, zone: tzinfo) -> TimeLeft:
    """Whole days while there is a tomorrow, then "last day", then the last hours and minutes.

    Days are calendar days in `zone`, not spans of 24 hours: on the evening before the last day one day is left.
    """
    days = (last_day(ends_at, zone) - now.astimezone(zone).date()).days
    if days > 0:
        return TimeLeft("days", days)
    minutes = int((ends_at - now).total_seconds() // 60)
    if minutes >= 6 * 60:
        return TimeLeft("last day", 0)
    if minutes >= 60:
        return TimeLeft("hours", minutes // 60)
    return TimeLeft("minutes", max(minutes, 1))
