"""The audit trail: one record for every touch of signer data. It holds ids and a purpose, never signer data."""

from typing import Any
from uuid import UUID

from .models import AuditRecord

Verb = AuditRecord.Verb
Actor = AuditRecord.Actor

# Who does what nobody of staff asked for: the workers, and the commands.
WORKER = Actor.WORKER
COMMAND = Actor.COMMAND


def record(
    verb: Verb,
    *,
    by: Any = None,
    petition: int | None = None,
    signature: UUID | None = None,
    number: int = 1,
    purpose: str = "",
) -> None:
    """Add one record. `by` is a user, or WORKER, or COMMAND; nothing stands for the site itself."""
    actor, user = (by, None) if isinstance(by, Actor) else (Actor.STAFF, by.pk) if by else (WORKER, None)
    AuditRecord.objects.create(
        verb=verb,
        actor=actor,
        actor_id=user,
        petition_id=petition,
        signature_id=signature,
        number=number,
        purpose=purpose[:250],
    )
