"""The audit trail: one record for every touch of signer data, and of staff's accounts and rights.

It holds ids and a purpose, never signer data.
"""

from typing import Any
from uuid import UUID

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
) -> None:
    """Add one record. `by` is a user, or WORKER, COMMAND or NOBODY; nothing stands for the site itself.

    `account` is the id of the user it is about.
    """
    actor, user = (by, None) if isinstance(by, Actor) else (Actor.STAFF, by.pk) if by else (WORKER, None)
    AuditRecord.objects.create(
        verb=verb,
        actor=actor,
        actor_id=user,
        petition_id=petition,
        signature_id=signature,
        account_id=account,
        number=number,
        purpose=purpose[:250],
    )
