"""Sealing a person to a petition's public key, and opening again where the secret key can be had.

A sealed box (libsodium) has no associated data, so the ids of signature and petition are sealed with the person and
checked on opening: a value moved to another row does not open. Padding hides how long a name is.

Only `reading` opens signers for others: it leaves a record of it.
"""

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any
from uuid import UUID

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import PublicKey, SealedBox

from .keys import secret_key
from .models import Petition

# Marks a field that leaves the house for the membership system, of those who asked for contact. A new field stays here.
MEMBERSHIP = {"membership": True}
BLOCK = 256  # bytes; most signers fill one


class SealBroken(Exception):
    """The sealed value was not made for this signature, or not by us."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Person:
    """What a signer tells us about himself. Has no repr, so that no log can show it."""

    name: str = field(metadata=MEMBERSHIP)
    email: str = field(metadata=MEMBERSHIP)
    postcode: str = field(default="", metadata=MEMBERSHIP)
    phone: str = field(default="", metadata=MEMBERSHIP)
    place: str = ""
    comment: str = ""

    def for_membership(self) -> dict[str, str]:
        """What the membership system may have, where it was given: the fields that say so above, and no others."""
        told = {f.name: getattr(self, f.name) for f in fields(self) if f.metadata.get("membership")}
        return {name: value for name, value in told.items() if value}


def seal(*, person: Person, signature_id: UUID, petition: Petition) -> bytes:
    return seal_content(asdict(person), signature_id=signature_id, petition=petition)


def seal_content(content: dict[str, Any], *, signature_id: UUID, petition: Petition) -> bytes:
    """Seal values to the petition's public key, together with the ids they belong to."""
    bound = {"signature": str(signature_id), "petition": petition.pk} | content
    padded = sodium_pad(json.dumps(bound, ensure_ascii=False).encode(), BLOCK)
    return SealedBox(PublicKey(bytes(petition.public_key))).encrypt(padded)


def open_person(*, sealed: bytes, signature_id: UUID, petition: Petition) -> Person:
    """Open one signer. Raises KeyLost where the master key is missing, SealBroken where the value does not fit."""
    content = open_content(sealed=sealed, signature_id=signature_id, petition=petition)
    if not all(isinstance(value, str) for value in content.values()):
        raise SealBroken
    try:
        return Person(**content)
    except TypeError:
        raise SealBroken from None


def open_content(*, sealed: bytes, signature_id: UUID, petition: Petition) -> dict[str, Any]:
    """The values sealed by `seal_content`. Raises KeyLost and SealBroken.

    Anybody can seal anything to a public key: what is in it may be no JSON, or other JSON than ours.
    """
    box = SealedBox(secret_key(petition))
    try:
        content = json.loads(sodium_unpad(box.decrypt(bytes(sealed)), BLOCK))
    except (CryptoError, ValueError, RecursionError):
        raise SealBroken from None
    if not isinstance(content, dict):
        raise SealBroken
    if content.pop("signature", None) != str(signature_id) or content.pop("petition", None) != petition.pk:
        raise SealBroken
    return content
