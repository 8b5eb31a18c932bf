"""Signing: one call, one statement. Called by the web; the database's clock decides, not ours."""

import secrets

import uuid_utils.compat as uuid
from django.db import connection

from actions.rules import address
from actions.rules.errors import NotOpen

from .keys import address_digest
from .models import ConsentText, OutboxMail, Petition, Signature, Tally
from .sealing import Person, seal

# `moment` takes a key-share lock, which waits for anybody who is closing the petition (they lock for update), and only
# then reads the clock: what was open before the wait is tested again after it. The rest hangs on `moment`, so either
# all of signature, signer, tally and mail are written, or nothing is. A conflict on (petition, digest) writes nothing.
STATEMENT = """
with form as materialized (
    select id, opens_at, ends_at, paused from actions_petition where id = %(petition)s for key share
), moment as materialized (
    select id, now from (select form.*, clock_timestamp() as now from form) as form
    where opens_at <= now and (ends_at is null or now < ends_at) and not paused
), signature as (
    insert into actions_signature (id, petition_id, digest, canonical_version, state, language, country, signed_at)
    select %(id)s, id, %(digest)s, %(canonical_version)s, %(state)s, %(language)s, %(country)s, now from moment
    on conflict (petition_id, digest) do nothing
    returning id, petition_id, signed_at
), signer as (
    insert into actions_signer (signature_id, sealed, contact_action, contact_other, consent_text_id)
    select id, %(sealed)s, %(contact_action)s, %(contact_other)s, %(consent_text)s from signature
), tally as (
    insert into actions_tally (petition_id, hour, language, slot, counted)
    select petition_id, date_trunc('hour', signed_at, 'UTC'), %(language)s, %(slot)s, 1 from signature
    on conflict (petition_id, hour, language, slot) do update set counted = actions_tally.counted + 1
), mail as (
    insert into actions_outboxmail (id, signature_id, kind) select %(mail)s, id, %(kind)s from signature
)
select exists (select from moment), exists (select from signature)
"""


def sign(
    *,
    petition: Petition,
    person: Person,
    language: str,
    country: str = "",
    contact_action: bool = False,
    contact_other: bool = False,
    consent_text: ConsentText | None = None,
) -> bool:
    """Record a signature, its sealed signer, the count and the receipt to send, in one transaction.

    Returns whether it is new; an address that has signed before changes nothing. The visitor must not be told which
    of the two it was. Raises NotOpen where the petition cannot be signed at this moment by the database's clock, and
    BadAddress where the address is none.
    """
    signature_id = uuid.uuid7()
    with connection.cursor() as cursor:
        cursor.execute(
            STATEMENT,
            {
                "petition": petition.pk,
                "id": signature_id,
                "digest": address_digest(
                    salt=bytes(petition.digest_salt), canonical_address=address.canonical(person.email)
                ),
                "canonical_version": address.VERSION,
                "state": Signature.State.COUNTED,
                "language": language,
                "country": country,
                "sealed": seal(person=person, signature_id=signature_id, petition=petition),
                "contact_action": contact_action,
                "contact_other": contact_other,
                "consent_text": consent_text.pk if consent_text else None,
                "slot": secrets.randbelow(Tally.SLOTS),
                "mail": uuid.uuid7(),
                "kind": OutboxMail.Kind.RECEIPT,
            },
        )
        was_open, is_new = cursor.fetchone()
    if not was_open:
        raise NotOpen
    return is_new
