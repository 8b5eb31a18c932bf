"""Totals. Exact at once, and read from at most 16 rows of a petition: the cost does not grow with the signatures.

Three counts must agree: the total (its slots), the ledger (tallies by hour and language), and the rows. They are for
staff. What visitors see is in `public`, and so is what may be asked with the rights of the public process.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F, Sum
from django.utils import timezone

from .models import TOTAL, Alarm, CheckedCount, Petition, PublicNumber, TotalSlot


class FunnelDay(NamedTuple):
    """How many signed on a day, and how far they came on it."""

    day: date
    created: int
    mailed: int
    bounced: int
    confirmed: int


class Counts(NamedTuple):
    """The three counts of a petition, read in one snapshot; `hours` is in how many the ledger differs from the rows."""

    shown: int
    ledger: int
    rows: int
    hours: int

    @property
    def agree(self) -> bool:
        return self.shown == self.ledger == self.rows and not self.hours


def total(petition: Petition) -> int:
    """Counted signatures of the petition, over all languages, online and on paper."""
    return TotalSlot.objects.filter(petition=petition).aggregate(n=Sum(TOTAL))["n"] or 0


def paper(petition: Petition) -> int:
    """How many of the total are on paper."""
    return TotalSlot.objects.filter(petition=petition).aggregate(n=Sum("paper"))["n"] or 0


def add_paper(petition: Petition, number: int) -> None:
    """Count (or, with a negative number, take off) signatures on paper; within the transaction that confirms them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into actions_totalslot (petition_id, slot, paper) values (%s, 0, %s)
            on conflict (petition_id, slot) do update set paper = actions_totalslot.paper + excluded.paper
            """,
            [petition.pk, number],
        )
    PublicNumber.objects.get_or_create(petition=petition)
    PublicNumber.objects.filter(petition=petition).update(paper=F("paper") + number)  # at once: only staff move it


def removed(petition: Petition) -> int:
    """How many signatures were counted once and taken out after review."""
    return TotalSlot.objects.filter(petition=petition).aggregate(n=Sum("removed"))["n"] or 0


def funnel(petition: Petition, *, days: int = 14) -> list[FunnelDay]:
    """The last days on which anything happened, latest first; the organisation's days."""
    zone = timezone.get_default_timezone_name()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with signed as (
                -- Those that count are in the tallies, the others are few: no need to look at every signature.
                select day, sum(n)::bigint as n from (
                    select (hour at time zone %(zone)s)::date as day, sum(counted) as n from actions_tally
                    where petition_id = %(petition)s and hour > now() - make_interval(days => 90) group by 1
                    union all
                    select (signed_at at time zone %(zone)s)::date, count(*) from actions_signature
                    where petition_id = %(petition)s and state <> 'counted'
                        and signed_at > now() - make_interval(days => 90) group by 1
                ) both_kinds group by 1
            ), steps as (
                select day, step, number from actions_funnel where petition_id = %(petition)s
            )
            select day, coalesce(max(signed.n), 0), coalesce(max(number) filter (where step = 'mailed'), 0),
                coalesce(max(number) filter (where step = 'bounced'), 0),
                coalesce(max(number) filter (where step = 'confirmed'), 0)
            from signed full join steps using (day) group by day order by day desc limit %(days)s
            """,
            {"petition": petition.pk, "zone": zone, "days": days},
        )
        return [FunnelDay(*row) for row in cursor.fetchall()]


COUNTS = """
with by_hour as (
    select date_trunc('hour', signed_at, 'UTC') as hour, language, count(*) as n
    from actions_signature where petition_id = %(petition)s and state = 'counted' group by 1, 2
), ledger as (
    select hour, language, sum(counted) as n from actions_tally where petition_id = %(petition)s group by 1, 2
)
select (select coalesce(sum(counted), 0) from actions_totalslot where petition_id = %(petition)s),
    (select coalesce(sum(n), 0) from ledger), (select coalesce(sum(n), 0) from by_hour),
    (select count(*) from ledger full join by_hour using (hour, language)
        where coalesce(ledger.n, 0) <> coalesce(by_hour.n, 0))
"""


def counts(petition: Petition) -> Counts:
    """What is shown, in the ledger and in the rows, at one instant."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"petition": petition.pk})
        return Counts(*map(int, cursor.fetchone()))


def check(petition: Petition, *, repair: bool = False) -> Counts:
    """The three counts; where they differ it is recorded, an alarm is raised, and the ledger is repaired if asked to.

    The rows are the truth. A repair waits for signatures in flight.
    """
    found = counts(petition)
    if found.agree:
        return found
    with transaction.atomic():
        if repair:
            Petition.objects.select_for_update().get(pk=petition.pk)
            found = counts(petition)
            _rebuild(petition)
        CheckedCount.objects.create(
            petition=petition, shown=found.shown, ledger=found.ledger, rows=found.rows, repaired=repair
        )
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        number = abs(found.shown - found.rows)
        Alarm.objects.raise_once(Alarm.Kind.COUNT, petition=petition, number=number, hour=hour)
    return found


def _rebuild(petition: Petition) -> None:
    values = {"petition": petition.pk}
    with connection.cursor() as cursor:
        cursor.execute("delete from actions_tally where petition_id = %(petition)s", values)
        cursor.execute(
            """
            insert into actions_tally (petition_id, hour, language, slot, counted)
            select petition_id, date_trunc('hour', signed_at, 'UTC'), language, 0, count(*)
            from actions_signature where petition_id = %(petition)s and state = 'counted' group by 1, 2, 3
            """,
            values,
        )
        cursor.execute("update actions_totalslot set counted = 0 where petition_id = %(petition)s", values)
        cursor.execute(
            """
            insert into actions_totalslot (petition_id, slot, counted)
            select %(petition)s, 0, coalesce(sum(counted), 0) from actions_tally where petition_id = %(petition)s
            on conflict (petition_id, slot) do update set counted = excluded.counted
            """,
            values,
        )


def compact(*, before: datetime | None = None) -> int:
    """Fold the slots of hours that are over into one row each; returns how many rows went. Sums stay what they were."""
    before = before or timezone.now() - timedelta(hours=2)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with gone as (
                delete from actions_tally t where hour < %s and exists (
                    select from actions_tally o
                    where o.petition_id = t.petition_id and o.hour = t.hour and o.language = t.language
                        and o.slot <> t.slot
                ) and slot > 0 returning petition_id, hour, language, counted
            ), kept as (
                insert into actions_tally (petition_id, hour, language, slot, counted)
                select petition_id, hour, language, 0, sum(counted) from gone group by 1, 2, 3
                on conflict (petition_id, hour, language, slot)
                do update set counted = actions_tally.counted + excluded.counted
            )
            select count(*) from gone
            """,
            [before],
        )
        return cursor.fetchone()[0]
