"""Generated signatures, so that totals and bars live. They have no signer; the first names that one form shows are made up."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from actions.signing.models import Petition, PublicName, Signature

# Spread over the time the form was open, more at the beginning; 16 hours of each day; languages as one would expect.
SIGNATURES = """
with n as (select i, %(count)s as total from generate_series(1, %(count)s) as i),
moments as (
    select i,
        %(opens)s::timestamptz + (%(until)s::timestamptz - %(opens)s::timestamptz)
            * power((i - 0.5) / total, 1.6) as at,
        (array['nb', 'nb', 'nb', 'nb', 'nb', 'nn', 'en'])[1 + (i * 7919) %% 7] as language
    from n
), signatures as (
    insert into actions_signature (id, petition_id, digest, canonical_version, state, language, country, signed_at)
    select gen_random_uuid(), %(petition)s, sha256(convert_to(gen_random_uuid()::text, 'UTF8')), 1, %(state)s,
        language, '', at from moments
    returning signed_at, language
), tally as (
    insert into actions_tally (petition_id, hour, language, slot, counted)
    select %(petition)s, date_trunc('hour', signed_at, 'UTC'), language, 0, count(*) from signatures group by 2, 3
)
insert into actions_totalslot (petition_id, slot, counted, removed, repeats)
select %(petition)s, 0, count(*), 0, 0 from signatures
"""


# As if the number that everybody sees had been looked at in all that time: what it stands behind is left out at the start.
STEPS = """
with gone as (delete from actions_publichour where petition_id = %(petition)s returning number),
by_hour as (
    select hour, sum(counted) as n, sum(sum(counted)) over (order by hour) as until
    from actions_tally where petition_id = %(petition)s group by hour
),
behind as (select (select sum(n) from by_hour) - (select sum(number) from gone) as n)
insert into actions_publichour (petition_id, hour, number)
select %(petition)s, hour, least(by_hour.n, until - behind.n) from by_hour, behind where until > behind.n
on conflict (petition_id, hour) do update set number = excluded.number
"""


def look_back(petition: Petition) -> None:
    """Spread the steps of the number that visitors see over the time the form has been open."""
    with connection.cursor() as cursor:
        cursor.execute(STEPS, {"petition": petition.pk})


def generate(petition: Petition, count: int, until) -> None:
    """`count` counted signatures between the opening and `until`, with their tallies."""
    if not count:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            SIGNATURES,
            {
                "count": count,
                "opens": petition.opens_at,
                "until": min(filter(None, (petition.ends_at, until))),
                "petition": petition.pk,
                "state": Signature.State.COUNTED,
            },
        )


NAMES = [
    ("Kari", "Oslo"),
    ("Áilu", "Guovdageaidnu"),
    ("Mohammed", "Drammen"),
    ("Ingrid", "Bergen"),
    ("Olav", ""),
    ("Thuy", "Trondheim"),
    ("Anne-Lise", "Tromsø"),
    ("Samira", "Stavanger"),
    ("Jon", "Voss"),
    ("Agnieszka", "Sandefjord"),
    ("Henrik", "Bodø"),
    ("Solveig", ""),
]


def show_names(petition: Petition) -> None:
    """First names and places beside a form, as if their owners had asked for it some hours ago."""
    rows = Signature.objects.filter(petition=petition)[: len(NAMES)]
    shown_from = timezone.now() - timedelta(hours=1)
    PublicName.objects.bulk_create(
        PublicName(
            signature=row, petition=petition, first_name=name, place=place, shown_from=shown_from, shuffle=number
        )
        for number, (row, (name, place)) in enumerate(zip(rows, NAMES, strict=True))
    )
