"""Everything about one address, over all actions: given to the person, or erased. For staff and commands with keys."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import uuid_utils.compat as uuid
from django.db import connection, transaction

from . import audit, opened
from .addresses import address_key, signatures_of
from .models import AddressMail, Signature, SignerLink, Tombstone, Withdrawal
from .requests import everything


class Receipt(NamedTuple):
    """What an erasure did; the number can be given to the person, and is in the audit trail."""

    number: str
    signatures: int


def subject_access(*, email: str, by: Any, purpose: str) -> list[dict[str, Any]]:
    """All we hold about an address, one entry for each action. Raises BadAddress, KeyLost and TooManyOpened."""
    found = signatures_of(email)
    opened.record(audit.Verb.SEARCHED, by=by, number=len(found), purpose=purpose)
    return [everything(signature, verb=audit.Verb.DISCLOSED, by=by, purpose=purpose) for signature in found]


def erase_address(*, email: str, by: Any, purpose: str) -> Receipt:
    """Forget the person behind an address in every action; counts stay. Raises BadAddress, WrongSecret."""
    number = str(uuid.uuid7())
    with transaction.atomic():
        erased = [signature for signature in signatures_of(email) if erase_signature(signature)]
        AddressMail.objects.filter(key=address_key(email)).delete()
        for signature in erased:
            audit.record(
                audit.Verb.ERASED,
                by=by,
                petition=signature.petition_id,
                signature=signature.pk,
                purpose=f"{purpose} ({number})",
            )
    return Receipt(number, len(erased))


def erase_signature(signature: Signature) -> bool:
    """Delete the person of one signature, and what leads there. False where nobody was there any more."""
    if not hasattr(signature, "signer"):
        return False
    if signature.state in (Signature.State.AWAITING, Signature.State.HELD):
        move([signature.pk], [signature.state], Signature.State.WITHDRAWN)
    with connection.cursor() as cursor:
        cursor.execute("select actions_erase(%s, false)", [signature.pk])
    SignerLink.objects.filter(signature=signature).delete()
    return True


# In high-risk mode: how long a code may wait to be typed after its mail was sent, and where it could not be sent.
CODE_WAITS, CODE_WAITS_UNSENT = timedelta(days=1), timedelta(days=4)


def forget_unconfirmed() -> int:
    """In high-risk mode, delete what nobody confirmed, address and all, so that nobody is left there by somebody else.

    The same address may sign anew. Returns how many went.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select s.id from actions_outboxmail m join actions_signature s on s.id = m.signature_id
                join actions_petition p on p.id = s.petition_id and p.high_risk and not p.legal_hold
            where m.kind = 'code' and s.state in ('awaiting', 'held')
                and not exists (select from actions_hold h where h.signature_id = s.id and h.reason = 'staff')
                and (m.gave_up_at is not null or m.sent_at < clock_timestamp() - make_interval(secs => %s)
                    or m.created_at < clock_timestamp() - make_interval(secs => %s))
            """,
            [CODE_WAITS.total_seconds(), CODE_WAITS_UNSENT.total_seconds()],
        )
        ids = [pk for (pk,) in cursor.fetchall()]
    return sum(_let_go(pk) for pk in ids)


def _let_go(pk: UUID) -> bool:
    """Withdraw one that waits, unless it was confirmed in this moment."""
    with transaction.atomic():
        if not move([pk], ["awaiting", "held"], Signature.State.WITHDRAWN):
            return False
        signature = Signature.objects.get(pk=pk)
        theirs = bytes(signature.digest)
        signature.digest = uuid.uuid4().bytes + uuid.uuid4().bytes  # noise: the address may sign again
        signature.save(update_fields=["digest"])
        Withdrawal.objects.filter(pk=theirs).delete()  # nobody has withdrawn: nobody had signed
        with connection.cursor() as cursor:
            cursor.execute("select actions_erase(%s, true)", [pk])
        SignerLink.objects.filter(signature=pk).delete()
        audit.record(
            audit.Verb.ERASED, by=audit.WORKER, petition=signature.petition_id, signature=pk, purpose="not confirmed"
        )
    return True


def move(ids: Iterable[UUID], before: Iterable[str], after: str) -> int:
    """Change the state of signatures, with every count; returns how many changed. See actions_move."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select actions_move(%s::uuid[], %s::text[], %s)", [list(ids), [str(s) for s in before], str(after)]
        )
        return cursor.fetchone()[0]


def bury_again(*, stones: Iterable[tuple[UUID, bool]], by: Any = None) -> int:
    """After a restore: erase once more who was erased since the backup. Returns how many were found alive."""
    again = 0
    for signature_id, withdrawn in stones:
        with transaction.atomic():
            signature = Signature.objects.select_related("signer").filter(pk=signature_id).first()
            if signature is None:
                continue
            was_there = hasattr(signature, "signer") or (withdrawn and signature.state != Signature.State.WITHDRAWN)
            if withdrawn:
                move([signature_id], ["counted", "awaiting", "held"], Signature.State.WITHDRAWN)
                Signature.objects.filter(pk=signature_id).update(digest=uuid.uuid4().bytes + uuid.uuid4().bytes)
            with connection.cursor() as cursor:
                cursor.execute("select actions_erase(%s, %s)", [signature_id, withdrawn])
            if was_there:
                again += 1
                audit.record(audit.Verb.RESTORED, by=by, petition=signature.petition_id, signature=signature_id)
    return again


def stones_since(at: datetime | None) -> Iterable[tuple[UUID, bool, datetime]]:
    """Who was erased since an instant (or ever), as ids; nothing of it names anybody."""
    rows = Tombstone.objects.order_by("at")
    return (rows.filter(at__gte=at) if at else rows).values_list("signature_id", "withdrawn", "at").iterator()
