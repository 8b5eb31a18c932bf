"""The number everybody sees while a form is open: it follows the true one in steps, so that it tells on nobody.

Whoever knows the true number up to one signature, and makes the number move with signatures of his own, learns at each
move only that the true number is one of many above the new one. docs/decisions/0027.
"""

from dataclasses import dataclass, replace
from random import Random
from secrets import SystemRandom
from typing import NamedTuple


class Pace(NamedTuple):
    """How the number moves: by how many at a time, how far it may stay behind, and seconds between two looks."""

    step: tuple[int, int]
    behind: int
    beat: tuple[int, int]


ORDINARY = Pace(step=(5, 15), behind=20, beat=(40, 120))
HIGH_RISK = Pace(step=(50, 150), behind=100, beat=(3_600, 5_400))


@dataclass(frozen=True)
class Shown:
    """The number shown, the step to come, the true numbers at which it rises and falls. All but `number` is secret."""

    number: int = 0
    step: int = 0
    rises_at: int = 0
    falls_at: int = -1


def follow(shown: Shown, true: int, pace: Pace, chance: Random | None = None) -> Shown:
    """What is shown after a look at the true number: the same, or one step on (or back), with the next one drawn.

    Between two steps nothing is drawn anew, so that looking more often tells no more.
    """
    chance = chance or SystemRandom()
    if true >= shown.rises_at:
        number = shown.number + shown.step
        if not 1 <= true - number <= pace.behind:  # far behind, as after an import; or told more exactly meanwhile
            number = max(shown.number, true - chance.randint(1, pace.behind))
    elif true <= shown.falls_at:
        number = max(0, true - chance.randint(1, pace.behind))
    else:
        return shown
    return waiting(number, true, pace, chance)


def waiting(number: int, true: int, pace: Pace, chance: Random | None = None) -> Shown:
    """`number` shown, with a step drawn that has not come yet.

    It falls only when the true number is below it by more than a few, so that signing and taking back moves nothing.
    """
    chance = chance or SystemRandom()
    drawn = Shown(number=number, falls_at=number - chance.randint(1, pace.behind), rises_at=true)
    while drawn.rises_at <= true:
        step = chance.randint(*pace.step)
        drawn = replace(drawn, step=step, rises_at=number + step + chance.randint(1, pace.behind))
    return drawn
