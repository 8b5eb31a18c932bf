"""Opening signers, each time with a record of who did it and why. Needs the master key: staff and workers only."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from . import audit
from .models import Petition, Signature, Signer
from .sealing import Person, open_person


def read(*, signer: Signer, petition: Petition, verb: audit.Verb, by: Any = None, purpose: str = "") -> Person:
    """Open one signer. Raises KeyLost and SealBroken; a record is left before anything is opened."""
    audit.record(verb, by=by, petition=petition.pk, signature=signer.signature_id, purpose=purpose)
    return open_person(sealed=bytes(signer.sealed), signature_id=signer.signature_id, petition=petition)


def read_many(
    *, signers: Iterable[Signer], petition: Petition, verb: audit.Verb, by: Any = None, purpose: str = ""
) -> list[Person]:
    """Open several signers of one petition, with one record that says how many. Raises KeyLost and SealBroken."""
    rows = list(signers)
    if rows:
        audit.record(verb, by=by, petition=petition.pk, number=len(rows), purpose=purpose)
    return [open_person(sealed=bytes(row.sealed), signature_id=row.signature_id, petition=petition) for row in rows]


def open_recorded(signatures: Iterable[Signature], *, petition: Petition) -> dict[UUID, Person]:
    """The people behind a batch of work whose one record is in the trail already; erased ones are not in it.

    Raises KeyLost and SealBroken. For exports, packages and mailings, which record how many they open before they do.
    """
    opened = {}
    for signature in signatures:
        if (signer := getattr(signature, "signer", None)) is not None:
            opened[signature.pk] = open_person(
                sealed=bytes(signer.sealed), signature_id=signature.pk, petition=petition
            )
    return opened
