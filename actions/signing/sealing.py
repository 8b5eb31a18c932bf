"""Sealing a person to a petition's public key, and opening again where the secret key can be had.

A sealed box (libsodium) has no associated data, so the ids of signature and petition are sealed with the person and
checked on opening: a value moved to another row does not open. Padding hides how long a name is.

Anybody can seal anything to a public key. So what comes out of a seal is a person only if the form could have let it
in: whatever goes on with it – files, pages, mails, the database – can take it as it is. This is said here alone.

Only `reading` opens signers for others: it leaves a record of it.
"""

import json
import re
from dataclasses import asdict, dataclass, field, fields
from typing import Any
from uuid import UUID

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import PublicKey, SealedBox

from actions.rules.typed import LONGEST

from .keys import secret_key
from .models import Petition

# Marks a field that leaves the house for the membership system, of those who asked for contact. A new field stays here.
MEMBERSHIP = {"membership": True}
BLOCK = 256  # bytes; most signers fill one

# No field takes less than `rules.typed` said at any time: what was sealed once must open for as long as it is kept.
# Control characters, halves of characters, what turns the direction of writing, and what is no character.
_NO_TEXT = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff"
NO_TEXT = re.compile(f"[{_NO_TEXT}]")
NO_LINE = re.compile(f"[{_NO_TEXT}\t\n\r]")
ADDRESS = re.compile(r"[^\s@<>(),:;\"\[\]\\]+@[^\s@<>(),:;\"\[\]\\]+")


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
    # What of the name is shown in public, as the signer wrote it for that. Empty where nobody agreed to it, and in what
    # was sealed before there was such a field.
    shown_name: str = ""

    def for_membership(self) -> dict[str, str]:
        """What the membership system may have, where it was given: the fields that say so above, and no others."""
        told = {f.name: getattr(self, f.name) for f in fields(self) if f.metadata.get("membership")}
        return {name: value for name, value in told.items() if value}


def seal(*, person: Person, signature_id: UUID, petition: Petition) -> bytes:
    content = asdict(person)
    if not content["shown_name"]:  # most have none, and a process of the version before opens what it knows
        del content["shown_name"]
    return seal_content(content, signature_id=signature_id, petition=petition)


def seal_content(content: dict[str, Any], *, signature_id: UUID, petition: Petition) -> bytes:
    """Seal values to the petition's public key, together with the ids they belong to."""
    bound = {"signature": str(signature_id), "petition": petition.pk} | content
    padded = sodium_pad(json.dumps(bound, ensure_ascii=False).encode(), BLOCK)
    return SealedBox(PublicKey(bytes(petition.public_key))).encrypt(padded)


def open_person(*, sealed: bytes, signature_id: UUID, petition: Petition) -> Person:
    """Open one signer. Raises KeyLost where the master key is missing, SealBroken where the value does not fit."""
    content = open_content(sealed=sealed, signature_id=signature_id, petition=petition)
    if not all(is_sound(name, value) for name, value in content.items()):
        raise SealBroken
    try:
        return Person(**content)
    except TypeError:
        raise SealBroken from None


def is_sound(name: str, value: Any) -> bool:
    """Whether a value that was sealed can be what its field says it is."""
    if not isinstance(value, str) or len(value) > LONGEST.get(name, 0):
        return False
    if name == "name" and not value.strip():
        return False
    if name == "email":
        return bool(ADDRESS.fullmatch(value)) and not NO_LINE.search(value)
    return not (NO_TEXT if name == "comment" else NO_LINE).search(value)


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
