"""After a restore: what happened since the backup is done once more, so that nothing comes back that was gone.

Told by ids and verbs, which `web.erased_log` keeps in a file beside the database.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

import uuid_utils.compat as uuid
from django.db import connection, transaction
from django.db.models import QuerySet

from . import audit, consents, files
from .erase import move
from .models import (
    AuditRecord,
    Consent,
    ConsentRecord,
    PublicName,
    Restriction,
    Signature,
    Signer,
    SignerLink,
    Tombstone,
    WaitingErasure,
    Withdrawal,
)


class Verb(StrEnum):
    ERASED = "erased"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    CORRECTED = "corrected"
    MOVED = "moved"
    RESTRICTED = "restricted"
    LIFTED = "lifted"
    REFUSED = "refused"
    WAITS = "waits"
    WITHDRAWN_WAITS = "withdrawn_waits"


class Gone(NamedTuple):
    """One thing that must not come back: who, what, of which consent, and when it was recorded."""

    signature: UUID
    verb: Verb
    consent: str
    at: datetime


class Again(NamedTuple):
    """How many were erased once more, wait once more for the end of a legal hold, how many consents were ended once
    more, how many names are old again, and how many are restricted once more."""

    erased: int
    waiting: int
    ended: int
    old_names: int
    restricted: int


def gone_since(at: datetime | None) -> Iterator[Gone]:
    """What happened since an instant (or ever), in the order in which a restored database is told of it."""
    yield from _touched(Verb.REFUSED, AuditRecord.Verb.REFUSED, at)  # while the digest is still there
    waiting = WaitingErasure.objects.values("pk")
    yield from _touched(Verb.WITHDRAWN_WAITS, AuditRecord.Verb.WITHDRAWN, at, of=waiting)
    yield from _touched(Verb.WAITS, AuditRecord.Verb.WAITS, at, of=waiting)
    stones = Tombstone.objects.order_by("at")
    for stone in (stones.filter(at__gte=at) if at else stones).iterator():
        yield Gone(stone.signature_id, Verb.WITHDRAWN if stone.withdrawn else Verb.ERASED, "", stone.at)
    for end in consents.ended_since(at):
        yield Gone(end.signature, Verb.ENDED, str(end.consent), end.recorded_at)
    alive = Signer.objects.values("pk")
    yield from _touched(Verb.CORRECTED, AuditRecord.Verb.CORRECTED, at, of=alive)
    yield from _touched(Verb.MOVED, AuditRecord.Verb.MOVED, at, of=alive)
    yield from _touched(Verb.RESTRICTED, AuditRecord.Verb.RESTRICTED, at, of=alive)
    yield from _touched(Verb.LIFTED, AuditRecord.Verb.LIFTED, at, of=alive)


def _touched(
    verb: Verb, recorded: AuditRecord.Verb, at: datetime | None, *, of: QuerySet | None = None
) -> Iterator[Gone]:
    """What the audit trail tells of signatures, or of these alone."""
    records = AuditRecord.objects.filter(verb=recorded, signature_id__isnull=False).order_by("at")
    if of is not None:
        records = records.filter(signature_id__in=of)
    for record in (records.filter(at__gte=at) if at else records).iterator():
        if record.signature_id:
            yield Gone(record.signature_id, verb, "", record.at)


def bury_again(lines: Iterable[Gone], *, by: Any = None) -> Again:
    """Do once more what happened since the backup; what the restored database knows already stays as it is."""
    erased = waiting = ended = old = restricted = 0
    for line in lines:
        with transaction.atomic():
            if line.verb is Verb.ENDED:
                ended += _end(line)
            elif line.verb is Verb.CORRECTED:
                old += _mark(line, by)
            elif line.verb is Verb.MOVED:
                _silence(line)
            elif line.verb is Verb.RESTRICTED:
                restricted += _restrict(line, by)
            elif line.verb is Verb.LIFTED:
                Restriction.objects.filter(pk=line.signature, since__lte=line.at).delete()
            elif line.verb is Verb.REFUSED:
                _close(line)
            elif line.verb in (Verb.WAITS, Verb.WITHDRAWN_WAITS):
                waiting += _wait(line, by)
            else:
                erased += _erase(line, by)
    return Again(erased, waiting, ended, old, restricted)


def _close(line: Gone) -> None:
    """Let nobody sign with the address, as its owner said; what becomes of the signature another line tells."""
    signature = Signature.objects.filter(pk=line.signature, petition__forgotten_at=None).first()
    known = AuditRecord.objects.filter(verb=AuditRecord.Verb.REFUSED, signature_id=line.signature)
    if signature is None or signature.state == Signature.State.WITHDRAWN or known.exists():
        return
    Withdrawal.objects.update_or_create(
        digest=signature.claim or signature.digest, defaults={"petition": signature.petition, "never": True}
    )


def _wait(line: Gone, by: Any) -> bool:
    """Put an erasure off once more, until the legal hold ends that there was. Where the backup is from before the hold,
    an alarm asks for it (`retention.look_at_holds`)."""
    withdrawn = line.verb is Verb.WITHDRAWN_WAITS
    known = WaitingErasure.objects.filter(pk=line.signature, **({"withdrawn": True} if withdrawn else {}))
    signature = Signature.objects.filter(pk=line.signature, signer__isnull=False).first()
    if signature is None or known.exists():
        return False
    if withdrawn:
        _withdraw(line.signature)
    with connection.cursor() as cursor:
        cursor.execute("select actions_wait_to_erase(%s, %s, %s)", [line.signature, withdrawn, consents.Way.RESTORE])
    audit.record(
        audit.Verb.RESTORED, by=by, petition=signature.petition_id, signature=line.signature, purpose="waits for a hold"
    )
    return True


def _withdraw(pk: UUID) -> None:
    """Take a signature back with its count; noise takes the place of its digest. (An attempt has noise already.)"""
    attempt = Signature.objects.filter(pk=pk, claim__isnull=False).exists()
    move([pk], ["counted", "awaiting", "held"], Signature.State.WITHDRAWN)
    if not attempt:
        Signature.objects.filter(pk=pk).update(digest=uuid.uuid4().bytes + uuid.uuid4().bytes)


def _erase(line: Gone, by: Any) -> bool:
    """Erase somebody once more, whether a legal hold of the backup stands or not; True where there was somebody."""
    withdrawn = line.verb is Verb.WITHDRAWN
    signature = Signature.objects.select_related("signer").filter(pk=line.signature).first()
    if signature is None:
        return False
    was_there = hasattr(signature, "signer") or (withdrawn and signature.state != Signature.State.WITHDRAWN)
    if not was_there and Tombstone.objects.filter(pk=line.signature).exists():
        return False
    if withdrawn:
        _withdraw(line.signature)
    with connection.cursor() as cursor:
        cursor.execute("select actions_erase(%s, %s)", [line.signature, withdrawn])
    if was_there:
        audit.record(audit.Verb.RESTORED, by=by, petition=signature.petition_id, signature=line.signature)
    return was_there


def _end(line: Gone) -> bool:
    """End a consent once more, unless the backup knows of the end: then what stands was given later."""
    known = ConsentRecord.objects.filter(
        signature=line.signature, consent=line.consent, given=False, recorded_at__gte=line.at
    )
    if known.exists():
        return False
    return bool(
        consents.change(
            signatures=[line.signature],
            consents=[Consent(line.consent)],
            given=False,
            way=consents.Way.RESTORE,
            at=line.at,
        )
    )


def _mark(line: Gone, by: Any) -> bool:
    """Mark a name that was corrected since the backup as an old one: it is shown and handed over nowhere until it is
    corrected again. What the new one was nobody knows any more."""
    known = AuditRecord.objects.filter(verb=audit.Verb.CORRECTED, signature_id=line.signature, at__gte=line.at)
    if known.exists() or not Signer.objects.filter(pk=line.signature, name_is_old=False).update(name_is_old=True):
        return False
    PublicName.objects.filter(pk=line.signature).delete()
    petition = Signature.objects.values_list("petition", flat=True).get(pk=line.signature)
    files.drop(petition, signatures=[line.signature], why="corrected")
    audit.record(
        audit.Verb.RESTORED, by=by, petition=petition, signature=line.signature, purpose="the name is to be corrected"
    )
    return True


def _silence(line: Gone) -> None:
    """Let nothing go to an address that was corrected since the backup before its mailbox has answered, and none of its
    links open anything. What the right one was nobody knows any more."""
    if not AuditRecord.objects.filter(verb=audit.Verb.MOVED, signature_id=line.signature, at__gte=line.at).exists():
        Signer.objects.filter(pk=line.signature).update(proved_at=None)
        SignerLink.objects.filter(signature=line.signature).delete()


def _restrict(line: Gone, by: Any) -> bool:
    """Restrict the use of somebody's data once more, unless the backup knows of it."""
    known = AuditRecord.objects.filter(verb=audit.Verb.RESTRICTED, signature_id=line.signature, at__gte=line.at)
    signature = Signature.objects.filter(pk=line.signature, signer__isnull=False).first()
    if signature is None or known.exists():
        return False
    _row, is_new = Restriction.objects.update_or_create(signature=signature, defaults={"since": line.at})
    PublicName.objects.filter(pk=line.signature).delete()
    files.drop(signature.petition_id, signatures=[line.signature], why="restricted")
    if is_new:
        audit.record(
            audit.Verb.RESTORED, by=by, petition=signature.petition_id, signature=line.signature, purpose="restricted"
        )
    return is_new
