"""The site with a plain insert in place of signing: nothing sealed, counted or mailed. Only to be compared with."""

import uuid_utils.compat as uuid
from django.db import connection

from mysite.wsgi import application  # first: it sets Django up

# isort: split
from actions.rules import address
from actions.signing.keys import address_digest
from actions.web import views


def plain(*, petition, person, language, country="", **rest) -> bool:
    digest = address_digest(salt=bytes(petition.digest_salt), canonical_address=address.canonical(person.email))
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into actions_signature (id, petition_id, digest, canonical_version, state, language, country, "
            "signed_at) values (%s, %s, %s, 1, 'counted', %s, %s, clock_timestamp()) on conflict do nothing",
            [uuid.uuid7(), petition.pk, digest, language, country],
        )
    return True


views.sign = plain

__all__ = ["application"]
