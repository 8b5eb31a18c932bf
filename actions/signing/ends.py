"""When a form opens and ends, as people say it: by its first and last day, and by a time during one."""

from datetime import datetime, time

from django.utils import timezone
from django.utils.formats import date_format

from actions.rules.days import ends_at_midnight, last_day


def goes_on_all_day(ends_at: datetime) -> bool:
    """Whether one can sign to the end of the last day."""
    return ends_at_midnight(ends_at, timezone.get_default_timezone())


def end_in_words(ends_at: datetime | None) -> str:
    """The last day to sign (the end itself is the midnight after it), or the moment where it ends during a day."""
    if ends_at is None:
        return "–"
    zone = timezone.get_default_timezone()
    if goes_on_all_day(ends_at):
        return date_format(last_day(ends_at, zone), "DATE_FORMAT")
    return date_format(ends_at.astimezone(zone), "DATETIME_FORMAT")


def beginning_in_words(at: datetime | None) -> str:
    """The day with whose first instant something begins, or the moment where that is during a day."""
    if at is None:
        return "–"
    local = timezone.localtime(at, timezone.get_default_timezone())
    return date_format(local, "DATE_FORMAT" if local.time() == time.min else "DATETIME_FORMAT")
