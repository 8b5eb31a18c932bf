"""Signing: one call, one statement. Called by the web; the database's clock decides, not ours."""

import uuid_utils.compat as uuid
from django.db import connection

from actions.rules import address
from actions.rules.errors import NotOpen

from .keys import address_value
from .models import ConsentText, Petition
from .sealing import Person, seal

# The function is in migrations/_functions_lists.sql: a look at the lists, and then lock, clock, signature, signer,
# counts and mail in one (actions_sign_as_told).
STATEMENT = """
select actions_sign_by_lists(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
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
    show_name: bool = False,
    hand_over_notice: int | None = None,
    suspicion: str = "",
    network: bytes | None = None,
    host: str | None = None,
    source: str = "",
) -> None:
    """Record a signature, its sealed signer, the counts and the mail to send, in one transaction.

    With a `hand_over_notice` (`hand_over.record`) the name is handed over as that notice says, without one only the
    number is. A `suspicion` (a `Hold.Reason`) holds the signature instead of counting it; `network` is then kept with
    it. Where too many from one network are suspected, `host` is the address it came from, which is not kept: the
    database alone knows whether many share that network today, and whether staff have put the address or its host on a
    list. `source` is a code in the address that led here. An
    address that has signed before changes nothing, and nobody is told: this process does not learn it either. Raises
    NotOpen where the petition cannot be signed at this moment by the database's clock, and BadAddress where the address
    is none.
    """
    canonical = address.canonical(person.email)
    if not petition.public_key:
        raise NotOpen  # its keys are destroyed, or it was given none
    signature_id = uuid.uuid7()
    with connection.cursor() as cursor:
        cursor.execute(
            STATEMENT,
            [
                petition.pk,
                signature_id,
                address_value(canonical),
                address.VERSION,
                language,
                country,
                seal(person=person, signature_id=signature_id, petition=petition),
                contact_action,
                contact_other,
                consent_text.pk if consent_text else None,
                show_name,
                hand_over_notice,
                suspicion,
                network,
                uuid.uuid7(),
                source.encode(),
                address.hosts_of(canonical),
                host,
            ],
        )
        (outcome,) = cursor.fetchone()
    if outcome == "closed":
        raise NotOpen
