"""The goal that is shown: it moves up by steps, so that there is always a next one to reach."""

STEPS = (100, 250, 500, 1_000, 2_500, 5_000, 10_000, 15_000, 20_000, 25_000, 50_000, 75_000, 100_000)


def shown_goal(*, total: int, goal: int | None) -> int:
    """The goal to show beside `total`: the editor's own until it is reached, then the next step above the total."""
    if goal and total < goal:
        return goal
    return next((step for step in STEPS if step > total), (total // 100_000 + 1) * 100_000)


def progress(*, total: int, goal: int) -> int:
    """Whole per cent of `goal`, from 0 to 100; never 100 before the goal is reached."""
    return min(100, total * 100 // goal) if goal > 0 else 0
