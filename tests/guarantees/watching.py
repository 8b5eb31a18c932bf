"""Somebody who signs with other people's addresses, watches the number, and works out which of them were new.

`guesses` is the best there is: it knows how the number moves (`rules.steps`), the true number at the start, the
instants of the looks and the addresses of its own, and weighs every course of events that fits what was seen.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from math import comb, exp, lgamma, log
from random import Random
from typing import NamedTuple

from actions.rules.steps import Pace

TINY = 1e-7
UNLIKELY = 1e-4


class Look(NamedTuple):
    """What happened between two looks: how many addresses were tried, how many own ones besides, and what was seen."""

    tried: int
    own: int
    number: int


def addresses(chance: Random, number: int = 200) -> list[bool]:
    """Half of them new, half of them signers, in any order."""
    found = [True] * (number // 2) + [False] * (number // 2)
    chance.shuffle(found)
    return found


def right(new: list[bool], guessed: list[bool]) -> float:
    return sum(one == other for one, other in zip(new, guessed, strict=True)) / len(new)


def naive(start: int, looks: list[Look]) -> list[bool]:
    """Takes what moved the number for new: all that an exact number needs."""
    guessed, before = [], start
    for look in looks:
        guessed += [look.number - before - look.own > look.tried / 2] * look.tried
        before = look.number
    return guessed


def guesses(pace: Pace, *, number: int, true: int, looks: list[Look], others: float = 0) -> list[bool]:
    """For each address tried, whether it is likelier to have been new. `others` sign besides."""
    sums: dict[int, int] = defaultdict(int)  # ways to draw a step and a distance that add up to it
    for step in range(pace.step[0], pace.step[1] + 1):
        for behind in range(1, pace.behind + 1):
            sums[step + behind] += 1

    @cache
    def drawn(shown: int, true: int) -> dict[int, float]:
        fitting = {shown + ahead: ways for ahead, ways in sums.items() if shown + ahead > true}
        total = sum(fitting.values())
        return {rises_at: ways / total for rises_at, ways in fitting.items()}

    @cache
    def seen(ahead: int, over: int, moved: int) -> float:
        """How likely the number moves by `moved`, being `over` behind, where it was to rise at `ahead`."""
        if not 1 <= over - moved <= pace.behind:
            return 0
        fitting = range(max(pace.step[0], ahead - pace.behind), min(pace.step[1], ahead - 1) + 1)
        far = max(0, min(fitting[-1], over - pace.behind - 1) - fitting[0] + 1)  # steps that leave it too far behind
        return (far / pace.behind + (moved in fitting and over - moved <= pace.behind)) / sums[ahead]

    def arrivals(look: Look) -> list[tuple[int, int, float]]:
        """(new among those tried, all together, how likely)."""
        rate = others * look.tried
        most = int(rate + 6 * rate**0.5) + 2 if rate else 1
        crowd = [exp(n * log(rate) - rate - lgamma(n + 1)) for n in range(most)] if rate else [1.0]
        return [
            (new, new + look.own + n, comb(look.tried, new) / 2**look.tried * more)
            for new in range(look.tried + 1)
            if comb(look.tried, new) / 2**look.tried > UNLIKELY
            for n, more in enumerate(crowd)
            if more > UNLIKELY
        ]

    def together_of(arrived: list[tuple[int, int, float]]) -> dict[int, float]:
        found: dict[int, float] = defaultdict(float)
        for _new, together, likely in arrived:
            found[together] += likely
        return found

    forward = [{(true, rises_at): weight for rises_at, weight in drawn(number, true).items()}]
    shown, risen = number, []
    for look in looks:
        moved = look.number != shown
        after: dict[tuple[int, int], float] = defaultdict(float)
        levels: dict[int, float] = defaultdict(float)
        arrived = together_of(arrivals(look))
        for (before, rises_at), weight in forward[-1].items():
            for together, likely in arrived.items():
                now = before + together
                if not moved and now < rises_at:
                    after[now, rises_at] += weight * likely
                elif moved and now >= rises_at and (fits := seen(rises_at - shown, now - shown, look.number - shown)):
                    levels[now] += weight * likely * fits
        for now, weight in levels.items():
            for rises_at, likely in drawn(look.number, now).items():
                after[now, rises_at] += weight * likely
        whole = sum(after.values())
        forward.append({state: weight / whole for state, weight in after.items() if weight > whole * TINY})
        risen.append((shown, moved))
        shown = look.number

    backward: dict[tuple[int, int], float] = dict.fromkeys(forward[-1], 1.0)
    found: list[list[bool]] = []
    for look, (shown, moved), states in reversed(list(zip(looks, risen, forward, strict=False))):
        means: dict[int, float] = {}
        if moved:
            levels = {now for now, _rises_at in backward}
            means = {
                now: sum(likely * backward.get((now, at), 0) for at, likely in drawn(look.number, now).items())
                for now in levels
            }
        earlier: dict[tuple[int, int], float] = defaultdict(float)
        of_new: dict[int, float] = defaultdict(float)
        arrived = arrivals(look)
        for (before, rises_at), weight in states.items():
            for new, together, likely in arrived:
                now = before + together
                if moved:
                    value = means.get(now, 0)
                    value = (
                        value and now >= rises_at and value * seen(rises_at - shown, now - shown, look.number - shown)
                    )
                else:
                    value = backward.get((now, rises_at), 0) if now < rises_at else 0
                if value:
                    earlier[before, rises_at] += likely * value
                    of_new[new] += weight * likely * value
        whole = sum(of_new.values())
        expected = sum(new * weight for new, weight in of_new.items()) / whole if look.tried else 0
        found.append([expected > look.tried / 2] * look.tried)
        most = max(earlier.values())
        backward = {state: value / most for state, value in earlier.items()}
    return [guess for look in reversed(found) for guess in look]


def batches(chance: Random, new: list[bool], least: int, most: int) -> Iterable[list[bool]]:
    """The addresses as they are tried between two looks."""
    rest = list(new)
    while rest:
        size = chance.randint(least, most)
        yield rest[:size]
        rest = rest[size:]
