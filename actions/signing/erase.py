"""Everything about one address, over all actions: given to the person, or erased. For staff and commands with keys."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

import uuid_utils.compat as uuid
from django.db import connection, transaction

from actions.rules.retention import CODE_WAITS, CODE_WAITS_UNSENT

from . import audit, opened, reminders
from .addresses import address_key, signatures_of
from .models import AddressMail, Petition, Signature, Signer, WaitingErasure, Withdrawal
from .requests import everything


class Receipt(NamedTuple):
    """What an erasure did; the number can be given to the person, and is in the audit trail.

    `waiting` are signatures whose data a legal hold keeps; they are erased when it ends.
    """

    number: str
    signatures: int
    waiting: int = 0


def subject_access(*, email: str, by: Any, purpose: str, language: str = "") -> list[dict[str, Any]]:
    """All we hold about an address, one entry for each action, in a language or in that of each. Raises BadAddress,
    KeyLost and TooManyOpened."""
    found = signatures_of(email)
    opened.record(audit.Verb.SEARCHED, by=by, number=len(found), purpose=purpose)
    given = {"verb": audit.Verb.DISCLOSED, "by": by, "purpose": purpose, "language": language}
    waiting = reminders.of_address(email)
    about = {"verb": audit.Verb.DISCLOSED, "by": by, "purpose": purpose}
    return [everything(signature, **given) for signature in found] + [
        reminders.everything(one, **about) for one in waiting
    ]


def erase_address(*, email: str, by: Any, purpose: str) -> Receipt:
    """Forget the person behind an address in every action; counts stay. Raises BadAddress, WrongSecret."""
    with transaction.atomic():
        receipt = erase_signatures([row.pk for row in signatures_of(email)], by=by, purpose=purpose)
        AddressMail.objects.filter(key=address_key(email)).delete()
        reminders.forget([row.pk for row in reminders.of_address(email)])
    return receipt


def erase_signatures(ids: Iterable[UUID], *, by: Any, purpose: str) -> Receipt:
    """Forget the persons behind these signatures; counts stay. Under a legal hold it waits for the end of that.

    Among the ids may be those of reminders of openings, which wait for nothing.
    """
    number, ids = str(uuid.uuid7()), list(ids)
    with transaction.atomic():
        if forgotten := reminders.forget(ids):
            audit.record(audit.Verb.ERASED, by=by, number=forgotten, purpose=f"{purpose} ({number}): reminders")
        verbs: Counter[audit.Verb] = Counter()
        # In one order, whoever else erases: each locks the petition.
        for row in Signature.objects.filter(pk__in=ids).order_by("petition_id", "pk"):
            if (verb := erase_signature(row)) is None:
                continue
            verbs[verb] += 1
            audit.record(
                verb,
                by=by,
                petition=row.petition_id,
                signature=row.pk,
                purpose=f"{purpose} ({number})",
            )
    return Receipt(number, verbs[audit.Verb.ERASED], verbs[audit.Verb.WAITS])


def erase_signature(signature: Signature) -> audit.Verb | None:
    """Delete the person of one signature, and what leads there; under a legal hold, note it for the end of that.

    Returns which of the two it was, None where nobody was there any more.
    """
    petition = Petition.objects.select_for_update(no_key=True).get(pk=signature.petition_id)
    if not Signer.objects.filter(pk=signature.pk).exists():
        return None
    with connection.cursor() as cursor:
        if petition.legal_hold:
            cursor.execute("select actions_wait_to_erase(%s, false, 'staff')", [signature.pk])
            return audit.Verb.WAITS
        cursor.execute("select actions_erase(%s, false)", [signature.pk])
    return audit.Verb.ERASED


def withdraw_signature(signature: Signature) -> bool:
    """Take one back before the end, which the caller has looked at under the lock of its petition: the count goes down,
    and the person is forgotten, or waits for the end of a legal hold. False where it was taken back before."""
    states = [Signature.State.COUNTED, Signature.State.AWAITING, Signature.State.HELD]
    if not move([signature.pk], states, Signature.State.WITHDRAWN):
        return False
    petition = signature.petition
    if signature.claim is None:  # noise: nothing of the person is left, and the same address may sign again
        noise = uuid.uuid4().bytes + uuid.uuid4().bytes
        Signature.objects.filter(pk=signature.pk).update(digest=noise)
    elif not petition.forgotten_at:  # an attempt has noise already
        Withdrawal.objects.get_or_create(digest=signature.claim, defaults={"petition": petition})
    with connection.cursor() as cursor:
        if petition.legal_hold:
            cursor.execute("select actions_wait_to_erase(%s, true, 'staff')", [signature.pk])
        else:
            cursor.execute("select actions_erase(%s, true)", [signature.pk])
    return True


def erase_waiting(*, petition: Petition, by: Any) -> int:
    """Erase who asked for it under a legal hold that has ended; returns how many."""
    waiting = list(WaitingErasure.objects.filter(signature__petition=petition).order_by("pk"))
    for one in waiting:
        with connection.cursor() as cursor:
            cursor.execute("select actions_erase(%s, %s)", [one.pk, one.withdrawn])
        audit.record(
            audit.Verb.ERASED, by=by, petition=petition.pk, signature=one.pk, purpose="asked for under a legal hold"
        )
    return len(waiting)


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
                and not exists (select from actions_restriction r where r.signature_id = s.id)
                and not exists (select from actions_rightscase c where c.done_at is null and s.id = any(c.signatures))
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
