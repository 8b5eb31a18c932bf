"""Mailed links: what a signer can do with one signature without an account. Every verb is a function of the database.

A link holds 32 random bytes, of which the database knows a hash only; they are made when the mail is sent, by a process
that the public cannot reach. A code of eight signs can be typed instead of the link while a signature awaits its
confirmation.
"""

import base64
import binascii
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid
from django.db import connection
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from actions.rules import address

from .addresses import digests_of
from .keys import address_digest, keyed
from .models import Petition, Signature, SignerLink
from .sealing import seal_content

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that looks like something else
CODE_LENGTH = 8


class BadLink(Exception):
    """No link of ours, or one whose signature is gone."""


@dataclass(frozen=True)
class Facts:
    """What the page behind a link shows. Nothing of it names anybody."""

    signature_id: UUID
    petition_id: int
    state: Signature.State
    language: str
    signed_at: datetime
    has_signer: bool
    contact_action: bool
    contact_other: bool
    show_name: bool
    correcting: bool
    copying: bool
    copy: bytes | None

    @property
    def awaits(self) -> bool:
        return self.state in (Signature.State.AWAITING, Signature.State.HELD)


def make_link(signature: Signature, *, with_code: bool) -> tuple[str, str]:
    """A new link's token, and the code that can be typed instead (or nothing)."""
    token = secrets.token_bytes(32)
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)) if with_code else ""
    SignerLink.objects.create(
        hash=sha256(token).digest(), signature=signature, code_hash=_code_hash(code) if code else None
    )
    return base64.urlsafe_b64encode(token).decode().rstrip("="), code


def facts(token: str) -> Facts:
    """What is known of the signature behind a link. Raises BadLink."""
    with connection.cursor() as cursor:
        cursor.execute("select * from actions_link_facts(%s)", [_bytes(token)])
        row = cursor.fetchone()
    if row is None:
        raise BadLink
    values = dict(zip(Facts.__dataclass_fields__, row, strict=True))
    return Facts(**values | {"state": Signature.State(values["state"])})


def confirm(token: str) -> str:
    """Count the signature. "confirmed", "already", "closed", "paused" or "gone". Raises BadLink."""
    return _call("actions_confirm(%s)", _bytes(token))


def confirm_with_code(*, petition: Petition, email: str, code: str) -> str:
    """As `confirm`, with the code from the mail; "wrong" also for an address that never signed. Raises BadAddress."""
    digest = address_digest(salt=bytes(petition.digest_salt), canonical_address=address.canonical(email))
    return _call("actions_confirm_code(%s, %s, %s)", petition.pk, digest, _code_hash(code))


def withdraw(token: str) -> str:
    """Before the end: take the signature back, "withdrawn". After it: erase the person, "erased". Raises BadLink."""
    return _call("actions_leave(%s, true)", _bytes(token))


def erase(token: str) -> str:
    """Forget the person and keep the count: "erased", or "withdrawn" if that was done before. Raises BadLink."""
    return _call("actions_leave(%s, false)", _bytes(token))


def end_contact(token: str) -> str:
    """No more mail to this signer about this or other work. Raises BadLink."""
    return _call("actions_end_contact(%s)", _bytes(token))


def hide_name(token: str) -> str:
    """Take the first name off the page at once. Raises BadLink."""
    return _call("actions_hide_name(%s)", _bytes(token))


def ask_correction(token: str, *, name: str, found: Facts, petition: Petition) -> None:
    """Leave a new name, sealed, for a process with keys to put in place. Raises BadLink."""
    sealed = seal_content({"name": name}, signature_id=found.signature_id, petition=petition)
    _call("actions_ask(%s, %s, 'correct', %s, null)", _bytes(token), uuid.uuid7(), sealed)


def ask_copy(token: str) -> None:
    """Ask for a copy of everything stored, sealed so that only this link opens it. Raises BadLink."""
    _call("actions_ask(%s, %s, 'copy', null, %s)", _bytes(token), uuid.uuid7(), bytes(_copy_key(token).public_key))


def open_copy(token: str, found: Facts) -> dict[str, Any] | None:
    """The copy that was asked for, or None while it is not ready."""
    if not found.copy:
        return None
    try:
        return json.loads(SealedBox(_copy_key(token)).decrypt(bytes(found.copy)))
    except CryptoError:
        return None  # asked for by an older link; it opens there


def ask_link(email: str) -> None:
    """Have a link mailed to this address if it signed anything; nobody is told. Raises BadAddress."""
    asked = digests_of(email)
    with connection.cursor() as cursor:
        cursor.execute(
            "select actions_ask_link(%s::bigint[], %s::bytea[], %s)",
            [[pk for pk, _ in asked], [digest for _, digest in asked], uuid.uuid7()],
        )


def _call(function: str, *values: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"select {function}", values)
        (answer,) = cursor.fetchone()
    if answer == "unknown":
        raise BadLink
    return answer


def _bytes(token: str) -> bytes:
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadLink from None
    if len(raw) != 32:
        raise BadLink
    return raw


def _code_hash(code: str) -> bytes:
    typed = "".join(sign for sign in code.upper() if sign.isalnum())
    return keyed(b"confirmation code 1", typed.encode())


def _copy_key(token: str) -> PrivateKey:
    return PrivateKey(sha256(b"copy of my data 1" + _bytes(token)).digest())
