"""Bars as SVG: the places of things are worked out here, the template draws them, and a table tells the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from actions.signing.figures import Bar

WIDTH, HEIGHT = 960, 220
LEFT, TOP, BOTTOM = 52, 26, 28
NEAR = 22  # two numbers closer than this would touch


@dataclass(frozen=True)
class Event:
    """Something that happened to the action at an instant."""

    at: datetime
    label: str


@dataclass(frozen=True)
class Drawn:
    x: float
    y: float
    width: float
    height: float
    label: str
    number: int
    unfinished: bool


@dataclass(frozen=True)
class Mark:
    """An event on the chart: a line with a number, explained below. `text` is empty where the one before says it."""

    x: float
    text: str
    label: str
    when: str


@dataclass(frozen=True)
class Chart:
    bars: list[Drawn]
    lines: list[tuple[float, int]]
    labels: list[tuple[float, str]]
    marks: list[Mark]
    unfinished: bool
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = HEIGHT - BOTTOM

    @property
    def table(self) -> list[Drawn]:
        """The bars, latest first."""
        return self.bars[::-1]


def draw(bars: Sequence[Bar], *, events: Iterable[Event] = (), hours: bool = False) -> Chart | None:
    """A chart of bars one after the other; None where there are none. With `hours` the labels tell the time too."""
    if not bars:
        return None
    top = _round_up(max(bar.number for bar in bars))
    room, floor = WIDTH - LEFT, HEIGHT - BOTTOM
    step = room / len(bars)
    scale = (floor - TOP) / top
    drawn = [
        Drawn(
            x=round(LEFT + n * step + step * 0.1, 2),
            y=round(floor - bar.number * scale, 2),
            width=round(step * 0.8, 2),
            height=round(bar.number * scale, 2),
            label=_label(bar.start, hours),
            number=bar.number,
            unfinished=bar.unfinished,
        )
        for n, bar in enumerate(bars)
    ]
    every = max(1, -(-len(bars) // 8))
    return Chart(
        bars=drawn,
        lines=[(round(floor - value * scale, 2), value) for value in {0, top // 2, top} if value <= top],
        labels=[(round(LEFT + (n + 0.5) * step, 2), drawn[n].label) for n in range(0, len(bars), every)],
        marks=_marks(bars, events, step),
        unfinished=any(bar.unfinished for bar in bars),
    )


def _marks(bars: Sequence[Bar], events: Iterable[Event], step: float) -> list[Mark]:
    length = (bars[1].start - bars[0].start) if len(bars) > 1 else None
    first, last = bars[0].start, bars[-1].start
    marks = []
    for event in sorted(events, key=lambda event: event.at):
        if length is None or event.at < first or event.at > last + length:
            continue
        x = LEFT + min((event.at - first) / length, len(bars)) * step
        when = date_format(timezone.localtime(event.at), "SHORT_DATETIME_FORMAT")
        marks.append(Mark(round(min(x, WIDTH - 6), 2), str(len(marks) + 1), event.label, when))
    return _apart(marks)


def _apart(marks: list[Mark]) -> list[Mark]:
    """Numbers that would stand on each other stand together at the first of them."""
    told: list[Mark] = []
    leader = 0
    for number, mark in enumerate(marks):
        if told and mark.x - told[leader].x < NEAR:
            first = told[leader].text.split("–")[0]
            told[leader] = replace(told[leader], text=f"{first}–{mark.text}")
            told.append(replace(mark, text=""))
        else:
            leader = number
            told.append(mark)
    return told


def _label(at: datetime, hours: bool) -> str:
    local = timezone.localtime(at)
    day = date_format(local, "MONTH_DAY_FORMAT")  # "1. mai", "May 1"
    return f"{day} {date_format(local, 'H:i')}" if hours else day


def _round_up(number: int) -> int:
    """The next even round number above, so that lines stand at whole values."""
    size = 10 ** max(0, len(str(max(number, 1))) - 1)
    for factor in (1, 2, 4, 6, 8, 10):
        if number <= factor * size:
            return max(2, factor * size)
    return number
