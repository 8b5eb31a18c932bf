"""What counts as an unusual jump. Plain numbers in, yes or no out; staff decide what it means."""

from collections.abc import Sequence
from statistics import median

from .address import COMMON_HOSTS

HOUR_LEAST, HOUR_TIMES = 60, 6
GROUP_LEAST, GROUP_TIMES = 30, 6
DOMAIN_LEAST, DOMAIN_SHARE = 20, 0.25
FAILED_OF_ONE, FAILED_OF_ALL = 10, 50  # log-ins in an hour


def hour_jumps(*, now: int, before: Sequence[int]) -> bool:
    """Whether an hour with `now` signatures stands out from the hours `before` it (most recent week, any order)."""
    usual = median([n for n in before if n] or [0])
    return now >= HOUR_LEAST and bool(before) and now > HOUR_TIMES * max(usual, 1)


def group_jumps(*, now: int, usual: float) -> bool:
    """Whether a country's `now` signatures of one hour stand out from its `usual` number of an hour."""
    return now >= GROUP_LEAST and now > GROUP_TIMES * max(usual, 1)


def domain_jumps(*, domain: str, now: int, of: int) -> bool:
    """Whether a mail domain's `now` signatures, `of` all of that hour, are too many for a host few people use."""
    return domain not in COMMON_HOSTS and now >= DOMAIN_LEAST and now >= of * DOMAIN_SHARE


def failed_log_ins_are_many(*, of_one: int = 0, of_all: int = 0) -> bool:
    """Whether an hour's failed log-ins `of_one` account, or `of_all`, are more than people mistype."""
    return of_one >= FAILED_OF_ONE or of_all >= FAILED_OF_ALL
