"""R5, the rules: what a date means, on every odd day of the calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from actions.rules.days import TimeDoesNotExist, TimeExistsTwice, end_of, ends_at_midnight, instant, last_day, start_of

OSLO = ZoneInfo("Europe/Oslo")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 10, 25), utc(2026, 10, 25, 23)),  # the clock goes back this night: 25 hours
        (date(2026, 10, 24), utc(2026, 10, 24, 22)),
        (date(2026, 3, 29), utc(2026, 3, 29, 22)),  # and forward this one: 23 hours
        (date(2026, 3, 28), utc(2026, 3, 28, 23)),
        (date(2027, 3, 28), utc(2027, 3, 28, 22)),
        (date(2027, 10, 31), utc(2027, 10, 31, 23)),
        (date(2028, 2, 29), utc(2028, 2, 29, 23)),
        (date(2026, 12, 31), utc(2026, 12, 31, 23)),
    ],
)
def test_a_last_day_ends_at_the_next_local_midnight(day, end):
    assert end_of(day, OSLO) == end
    assert last_day(end, OSLO) == day
    assert last_day(end + timedelta(seconds=1), OSLO) == day + timedelta(days=1)
    assert ends_at_midnight(end, OSLO)
    assert not ends_at_midnight(end - timedelta(seconds=1), OSLO)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2027, 3, 28)])
def test_a_time_the_clock_skips_is_refused(day):
    for minute in (0, 30, 59):
        with pytest.raises(TimeDoesNotExist):
            instant(day, time(2, minute), OSLO)
    assert instant(day, time(1, 59), OSLO).hour == 0
    assert instant(day, time(3, 0), OSLO).hour == 1


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 10, 31)])
def test_a_time_that_comes_twice_is_refused(day):
    for minute in (0, 30, 59):
        with pytest.raises(TimeExistsTwice):
            instant(day, time(2, minute), OSLO)
    assert instant(day, time(1, 59), OSLO) < instant(day, time(3, 0), OSLO)


def test_days_follow_each_other_without_gap():
    day = date(2026, 1, 1)
    while day < date(2028, 3, 2):
        assert end_of(day, OSLO) == start_of(day + timedelta(days=1), OSLO)
        day += timedelta(days=1)
