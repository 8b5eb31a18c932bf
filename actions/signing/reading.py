"""Opening signers, each time with a record of who did it and why. Needs the master key: staff and workers only.

A seal that does not open is no signer's: whoever has broken into the public process can store one. It stops nothing,
and is named in the audit trail, once.

One person of staff opens no more within an hour than the limits allow (opened.py).
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from . import audit, opened
from .models import AuditRecord, Petition, Signature, Signer, WaitingErasure
from .sealing import Person, SealBroken, open_person


def read(*, signer: Signer, petition: Petition, verb: audit.Verb, by: Any = None, purpose: str = "") -> Person:
    """Open one signer. Raises KeyLost, SealBroken and TooManyOpened; a record is left before anything is opened."""
    opened.record(verb, by=by, petition=petition.pk, signature=signer.signature_id, purpose=purpose)
    if not (people := _open([signer], petition)):
        raise SealBroken
    return people[signer.signature_id]


def read_many(
    *, signers: Iterable[Signer], petition: Petition, verb: audit.Verb, by: Any = None, purpose: str = ""
) -> dict[UUID, Person]:
    """Open several signers of one petition, with one record that says how many. Those that do not open are left out.

    Raises KeyLost and TooManyOpened.
    """
    rows = list(signers)
    if rows:
        seen = [signer.signature_id for signer in rows] if verb in opened.SHOWN else []
        opened.record(verb, by=by, petition=petition.pk, number=len(rows), purpose=purpose, many=seen)
    return _open(rows, petition)


def open_recorded(signatures: Iterable[Signature], *, petition: Petition) -> dict[UUID, Person]:
    """The people behind a batch of work whose one record is in the trail already, without those who were erased or do
    not open.

    Raises KeyLost. For exports, packages and mailings, which record how many they open before they do.
    """
    found = [signer for signature in signatures if (signer := getattr(signature, "signer", None)) is not None]
    kept = WaitingErasure.objects.filter(pk__in=[signer.pk for signer in found]).values_list("pk", flat=True)
    waiting = set(kept)  # of whom nothing is used any more, though it is still there
    return _open((signer for signer in found if signer.pk not in waiting), petition)


def _open(signers: Iterable[Signer], petition: Petition) -> dict[UUID, Person]:
    people, broken = {}, []
    for signer in signers:
        pk = signer.signature_id
        try:
            people[pk] = open_person(sealed=bytes(signer.sealed), signature_id=pk, petition=petition)
        except SealBroken:
            broken.append(pk)
    if broken:
        _name(broken, petition)
    return people


def _name(broken: list[UUID], petition: Petition) -> None:
    """Say in the audit trail which signatures do not open, where it does not say so yet."""
    known = AuditRecord.objects.filter(verb=audit.Verb.BROKEN, signature_id__in=broken)
    for pk in set(broken) - set(known.values_list("signature_id", flat=True)):
        audit.record(audit.Verb.BROKEN, by=audit.WORKER, petition=petition.pk, signature=pk)
