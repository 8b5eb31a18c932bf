from datetime import UTC, date, datetime, timedelta

import pytest

from actions.rules.state import State, cache_seconds, next_change, petition_state

OPENS = datetime(2026, 3, 1, tzinfo=UTC)
ENDS = datetime(2026, 4, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("opens_at", "ends_at", "now", "more", "state"),
    [
        (None, None, OPENS, {}, State.DRAFT),
        (OPENS, ENDS, OPENS - TICK, {}, State.SCHEDULED),
        (OPENS, ENDS, OPENS, {}, State.OPEN),
        (OPENS, ENDS, ENDS - TICK, {}, State.OPEN),
        (OPENS, ENDS, ENDS, {}, State.ENDED),
        (OPENS, None, ENDS + timedelta(days=9999), {}, State.OPEN),
        (OPENS, ENDS, ENDS, {"delivered": True}, State.DELIVERED),
        (OPENS, ENDS, ENDS - TICK, {"delivered": True}, State.OPEN),
        (OPENS, ENDS, ENDS, {"delivered": True, "won_on": date(2026, 4, 2)}, State.WON),
        (OPENS, ENDS, ENDS - TICK, {"won_on": date(2026, 3, 2)}, State.OPEN),
    ],
)
def test_the_state_at_an_instant(opens_at, ends_at, now, more, state):
    assert petition_state(opens_at=opens_at, ends_at=ends_at, now=now, **more) is state


@pytest.mark.parametrize(("now", "change"), [(OPENS - TICK, OPENS), (OPENS, ENDS), (ENDS - TICK, ENDS), (ENDS, None)])
def test_the_next_change_is_the_first_instant_still_to_come(now, change):
    assert next_change(opens_at=OPENS, ends_at=ENDS, now=now) == change


@pytest.mark.parametrize(
    ("until", "seconds"),
    [(None, 60), (ENDS + timedelta(hours=1), 60), (ENDS + timedelta(seconds=7.9), 7), (ENDS, 0)],
)
def test_a_page_is_never_kept_past_the_next_change(until, seconds):
    assert cache_seconds(longest=timedelta(minutes=1), until=until, now=ENDS) == seconds
