"""The audit trail: one record for every touch of signer data, and of staff's accounts and rights.

It holds ids and a purpose, never signer data.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from .models import AuditRecord

Verb = AuditRecord.Verb
Actor = AuditRecord.Actor

# Who does what nobody of staff asked for: the workers, and the commands.
WORKER = Actor.WORKER
COMMAND = Actor.COMMAND
NOBODY = Actor.NOBODY


def record(
    verb: Verb,
    *,
    by: Any = None,
    petition: int | None = None,
    signature: UUID | None = None,
    account: int | None = None,
    number: int = 1,
    purpose: str = "",
    many: Iterable[UUID] = (),
) -> AuditRecord:
    """Add one record. `by` is a user, or WORKER, COMMAND or NOBODY; nothing stands for the site itself.

    `account` is the id of the user it is about; `many` are the signatures of a record that is about a number of them.
    """
    actor, user = (by, None) if isinstance(by, Actor) else (Actor.STAFF, by.pk) if by else (WORKER, None)
    made = AuditRecord.objects.create(
        verb=verb,
        actor=actor,
        actor_id=user,
        petition_id=petition,
        signature_id=signature,
        account_id=account,
        number=number,
        purpose=purpose[:250],
    )
    touched(made.pk, many)
    return made


def touched(record: int | None, signatures: Iterable[UUID]) -> None:
    """Say which signers a record of several is about: whoever must be told of a breach is found by it.

    Only of who is there: the row of one who is erased in this moment would stay.
    """
    if not (ids := list(signatures)):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into actions_touchedsigner (record, signature_id)
            select %s, signature_id from actions_signer where signature_id = any(%s) order by signature_id for key share
            on conflict do nothing
            """,
            [record, ids],
        )
