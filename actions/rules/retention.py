"""When the signers of a petition are forgotten: after the hand-over, at the latest half a year after the end."""

from datetime import datetime, timedelta

DEFAULT_DAYS = 30
LATEST = timedelta(days=183)
# In high-risk mode: how long a code may wait to be typed after its mail was sent, and where it could not be sent.
CODE_WAITS, CODE_WAITS_UNSENT = timedelta(days=1), timedelta(days=4)


def forget_at(*, ends_at: datetime | None, last_delivered_at: datetime | None, days: int) -> datetime | None:
    """The instant from which nothing personal may be left. None while no end is set.

    `days` count from the last hand-over, or from the end where that is later; without a hand-over the latest instant
    holds: 183 days after the end. A term longer than that is cut to it.
    """
    if ends_at is None:
        return None
    latest = ends_at + LATEST
    if last_delivered_at is None:
        return latest
    return min(latest, max(ends_at, last_delivered_at) + timedelta(days=days))
