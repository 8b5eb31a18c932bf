"""Generated signatures, so that totals and bars live. They have no signer: nobody is invented."""

from django.db import connection

from actions.signing.models import Petition, Signature

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
