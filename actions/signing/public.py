"""The numbers everybody may see: while a form is open in steps behind the true ones (`rules.steps`), exact at the end.

Every page, list, feed and answer of the interface for programs has its numbers from here; staff's are in `counting`.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random
from secrets import SystemRandom
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F, Sum
from django.utils import timezone

from actions.rules.steps import HIGH_RISK, ORDINARY, Pace, Shown, follow, waiting

from .models import Petition, PublicHour, PublicNumber, PublicTotal


class Numbers(NamedTuple):
    """What is shown of a total: online and on paper together, and whether it is the exact one.

    `lately` is by how many the number shown has risen in the last 24 hours: a sum of steps that everybody has seen.
    """

    total: int = 0
    paper: int = 0
    removed: int = 0
    exact: bool = False
    lately: int = 0


class Live(NamedTuple):
    """What of a petition may have changed since a page was last made, at the instant `at` of the database's clock."""

    at: datetime
    opens_at: datetime | None
    ends_at: datetime | None
    paused: bool
    won_on: date | None
    goal: int | None
    all_paused: bool
    numbers: Numbers


def live(petition_id: int) -> Live | None:
    """State and numbers in one small query; None where the petition is gone."""
    with connection.cursor() as cursor:
        # One instant for state and numbers: a page that tells of the end tells the exact total.
        cursor.execute(
            """
            select statement_timestamp(), p.opens_at, p.ends_at, p.paused, p.won_on, p.goal,
                exists (select from actions_signingrules where paused), t.online + t.paper, t.paper, t.removed, t.exact,
                (select coalesce(sum(h.number - h.earlier), 0)::bigint from actions_publichour h
                    where h.petition_id = p.id and h.hour > statement_timestamp() - interval '24 hours')
            from actions_petition p join actions_publictotal t on t.petition_id = p.id where p.id = %s
            """,
            [petition_id],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    *state, total, paper, removed, exact, lately = row
    at, opens_at, ends_at, paused, won_on, goal, all_paused = state
    seen = Numbers(total, paper, removed, exact, lately)
    return Live(at, opens_at, ends_at, paused, won_on, goal, all_paused, seen)


def numbers(petition: Petition) -> Numbers:
    """What visitors see of one petition's total."""
    return numbers_of([petition.pk])[petition.pk]


def numbers_of(petitions: Iterable[int]) -> dict[int, Numbers]:
    """What visitors see, by petition id, in one query."""
    ids = list(petitions)
    rows = PublicTotal.objects.filter(petition__in=ids).values_list(
        "petition", F("online") + F("paper"), "paper", "removed", "exact"
    )
    return dict.fromkeys(ids, Numbers()) | {pk: Numbers(*found) for pk, *found in rows}


def grand_total() -> int:
    """The sum of what is shown, over all petitions."""
    return PublicTotal.objects.aggregate(n=Sum(F("online") + F("paper")))["n"] or 0


def history(petition: Petition, *, since: datetime, until: datetime) -> list[tuple[datetime, int]]:
    """Hours in which the number moved, and by how many. Never the hours of the signatures themselves: in a quiet hour
    one signature would tell whether its address was new."""
    rows = PublicHour.objects.filter(petition=petition, hour__gte=since, hour__lt=until).exclude(number=0)
    return list(rows.order_by("hour").values_list("hour", "number"))


def pace_of(high_risk: bool) -> Pace:
    return HIGH_RISK if high_risk else ORDINARY


# What may have to move: open forms whose next look is due, and those that ended since the last one. A form that nobody
# has signed has no parts of a total, and one that was settled is left alone.
DUE = """
select p.id from actions_petition p left join actions_publicnumber n on n.petition_id = p.id
where p.opens_at <= clock_timestamp()
    and case when p.ends_at <= clock_timestamp() then not coalesce(n.settled, false)
        else coalesce(n.look_at <= clock_timestamp(), true) end
    and exists (select from actions_totalslot where petition_id = p.id)
"""

TRUE = """
select p.high_risk, coalesce(p.ends_at <= clock_timestamp(), false), p.ends_at,
    sum(t.counted)::bigint, sum(t.paper)::bigint,
    (select coalesce(sum(h.counted), 0)::bigint from actions_tally h
        where h.petition_id = p.id and h.hour > clock_timestamp() - interval '25 hours')
from actions_petition p join actions_totalslot t on t.petition_id = p.id where p.id = %s
group by p.id
"""


def move(chance: Random | None = None) -> int:
    """Look at the true totals that are due, and move what is shown where it is time. Returns how many moved."""
    with connection.cursor() as cursor:
        cursor.execute(DUE)
        due = [pk for (pk,) in cursor.fetchall()]
    return sum(_move(pk, chance) for pk in due)


def _move(petition: int, chance: Random | None) -> bool:
    with transaction.atomic():
        PublicNumber.objects.get_or_create(petition_id=petition)
        row = PublicNumber.objects.select_for_update(skip_locked=True).filter(petition=petition).first()
        if row is None:  # another worker is looking
            return False
        with connection.cursor() as cursor:
            cursor.execute(TRUE, [petition])
            high_risk, over, ends_at, true, row.paper, fresh = cursor.fetchone()
        before, pace = row.number, pace_of(high_risk)
        if over:
            row.number, row.settled = true, True
        else:
            _step(row, true, pace, chance)
        row.save()
        if row.number != before:
            by = row.number - before
            # All or nothing: a part of it would be a number of signatures that nobody is told.
            is_earlier = by > fresh + pace.behind + pace.step[1]
            _remember(petition, ends_at if over else timezone.now(), by, by if is_earlier else 0)
    return row.number != before


def _step(row: PublicNumber, true: int, pace: Pace, chance: Random | None) -> None:
    """Draw the next step where there is none, after the first signatures and after an end that was taken back."""
    if row.settled or not row.step:
        shown = waiting(row.number, true if row.settled else 0, pace, chance)
    else:
        shown = Shown(row.number, row.step, row.rises_at, row.falls_at)
    if not row.settled:
        shown = follow(shown, true, pace, chance)
    row.number, row.step, row.rises_at, row.falls_at = shown.number, shown.step, shown.rises_at, shown.falls_at
    row.settled = False
    row.look_at = timezone.now() + timedelta(seconds=(chance or SystemRandom()).uniform(*pace.beat))


def _remember(petition: int, at: datetime, by: int, earlier: int = 0) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into actions_publichour (petition_id, hour, number, earlier)
            values (%s, date_trunc('hour', %s, 'UTC'), %s, %s)
            on conflict (petition_id, hour) do update set number = actions_publichour.number + excluded.number,
                earlier = actions_publichour.earlier + excluded.earlier
            """,
            [petition, at, by, earlier],
        )


def told(petition: Petition, number: int) -> None:
    """A hand-over tells the exact number: what is shown is not less from then on. Within its transaction."""
    PublicNumber.objects.get_or_create(petition=petition)
    row = PublicNumber.objects.select_for_update().get(petition=petition)
    if number > row.number:
        _remember(petition.pk, timezone.now(), number - row.number)
        row.number = number
        row.save(update_fields=["number"])


def longest_standstill() -> timedelta:
    """For how long the look at an open form has been overdue; then the numbers everybody sees stand still."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select coalesce(max(clock_timestamp() - coalesce(n.look_at,
                (select min(hour) + interval '1 hour' from actions_tally where petition_id = p.id))), interval '0')
            from actions_petition p left join actions_publicnumber n on n.petition_id = p.id
            where p.opens_at <= clock_timestamp() and (p.ends_at is null or p.ends_at > clock_timestamp())
                and exists (select from actions_totalslot where petition_id = p.id)
            """
        )
        return max(timedelta(0), cursor.fetchone()[0])
