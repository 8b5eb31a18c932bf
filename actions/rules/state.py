"""The one rule for open or closed. Page, form, POST, listings and cache lifetimes all ask here."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


class State(StrEnum):
    """Where a petition stands in its life; derived, never stored."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    ENDED = "ended"
    DELIVERED = "delivered"
    WON = "won"

    @property
    def label(self) -> Promise | str:
        return LABELS[self]

    @property
    def is_over(self) -> bool:
        return self in (State.ENDED, State.DELIVERED, State.WON)


LABELS = {
    State.DRAFT: pgettext_lazy("state", "Draft"),
    State.SCHEDULED: pgettext_lazy("state", "Opens soon"),
    State.OPEN: pgettext_lazy("state", "Open"),
    State.ENDED: pgettext_lazy("state", "Ended"),
    State.DELIVERED: pgettext_lazy("state", "Delivered"),
    State.WON: pgettext_lazy("state", "Won"),
}


# An open petition that takes no signatures for a while; said in place of the state's own label, and no state: it ends
# all the same.
PAUSED, PAUSED_LABEL = "paused", pgettext_lazy("state", "Paused")


def petition_state(
    *,
    opens_at: datetime | None,
    ends_at: datetime | None,
    now: datetime,
    delivered: bool = False,
    won_on: date | None = None,
) -> State:
    """The state at the instant `now`. The end is exclusive: at `ends_at` itself the petition has ended.

    A petition without an opening is a draft. One that was delivered while still open stays open.
    """
    if opens_at is None:
        return State.DRAFT
    if now < opens_at:
        return State.SCHEDULED
    if ends_at is None or now < ends_at:
        return State.OPEN
    if won_on is not None:
        return State.WON
    return State.DELIVERED if delivered else State.ENDED


def next_change(*, opens_at: datetime | None, ends_at: datetime | None, now: datetime) -> datetime | None:
    """The next instant at which the state changes by itself, or None."""
    return min((t for t in (opens_at, ends_at) if t is not None and t > now), default=None)


def cache_seconds(*, longest: timedelta, until: datetime | None, now: datetime) -> int:
    """How many seconds a page may be kept: at most `longest`, and never past `until`."""
    left = longest if until is None else min(longest, until - now)
    return max(0, int(left.total_seconds()))
