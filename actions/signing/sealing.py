"""Sealing a person to a petition's public key, and opening again where the secret key can be had.

A sealed box (libsodium) has no associated data, so the ids of signature and petition are sealed with the person and
checked on opening: a value moved to another row does not open. Padding hides how long a name is.
"""

import json
from dataclasses import asdict, dataclass
from uuid import UUID

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import PublicKey, SealedBox

from .keys import secret_key
from .models import Petition, Signer

BLOCK = 256  # bytes; most signers fill one


class SealBroken(Exception):
    """The sealed value was not made for this signature, or not by us."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Person:
    """What a signer tells us about himself. Has no repr, so that no log can show it."""

    name: str
    email: str
    postcode: str = ""
    phone: str = ""
    comment: str = ""


def seal(*, person: Person, signature_id: UUID, petition: Petition) -> bytes:
    content = {"signature": str(signature_id), "petition": petition.pk} | asdict(person)
    padded = sodium_pad(json.dumps(content, ensure_ascii=False).encode(), BLOCK)
    return SealedBox(PublicKey(bytes(petition.public_key))).encrypt(padded)


def open_signer(*, signer: Signer, petition: Petition) -> Person:
    """Open one signer. Raises KeyLost where the master key is missing, SealBroken where the value does not fit."""
    try:
        padded = SealedBox(secret_key(petition)).decrypt(bytes(signer.sealed))
    except CryptoError:
        raise SealBroken from None
    content = json.loads(sodium_unpad(padded, BLOCK))
    if content.pop("signature") != str(signer.signature_id) or content.pop("petition") != petition.pk:
        raise SealBroken
    return Person(**content)
