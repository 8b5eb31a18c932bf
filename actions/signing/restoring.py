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

from . import audit, consents, files
from .erase import move
from .models import AuditRecord, Consent, ConsentRecord, PublicName, Signature, Signer, Tombstone


class Verb(StrEnum):
    ERASED = "erased"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    CORRECTED = "corrected"


class Gone(NamedTuple):
    """One thing that must not come back: who, what, of which consent, and when it was recorded."""

    signature: UUID
    verb: Verb
    consent: str
    at: datetime


class Again(NamedTuple):
    """How many were erased once more, how many consents were ended once more, and how many names are old again."""

    erased: int
    ended: int
    old_names: int


def gone_since(at: datetime | None) -> Iterator[Gone]:
    """What happened since an instant (or ever), in the order in which a restored database is told of it."""
    stones = Tombstone.objects.order_by("at")
    for stone in (stones.filter(at__gte=at) if at else stones).iterator():
        yield Gone(stone.signature_id, Verb.WITHDRAWN if stone.withdrawn else Verb.ERASED, "", stone.at)
    for end in consents.ended_since(at):
        yield Gone(end.signature, Verb.ENDED, str(end.consent), end.recorded_at)
    corrected = AuditRecord.objects.filter(verb=audit.Verb.CORRECTED, signature_id__isnull=False).order_by("at")
    alive = Signer.objects.values("pk")
    for record in (corrected.filter(at__gte=at) if at else corrected).filter(signature_id__in=alive).iterator():
        if record.signature_id:
            yield Gone(record.signature_id, Verb.CORRECTED, "", record.at)


def bury_again(lines: Iterable[Gone], *, by: Any = None) -> Again:
    """Do once more what happened since the backup; what the restored database knows already stays as it is."""
    erased = ended = old = 0
    for line in lines:
        with transaction.atomic():
            if line.verb is Verb.ENDED:
                ended += _end(line)
            elif line.verb is Verb.CORRECTED:
                old += _mark(line, by)
            else:
                erased += _erase(line, by)
    return Again(erased, ended, old)


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
        move([line.signature], ["counted", "awaiting", "held"], Signature.State.WITHDRAWN)
        Signature.objects.filter(pk=line.signature).update(digest=uuid.uuid4().bytes + uuid.uuid4().bytes)
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
