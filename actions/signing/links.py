"""Mailed links: what a signer can do with one signature without an account. Every verb is a function of the database.

A link holds 32 random bytes, of which the database knows a hash only; they are made when the mail is sent, by a process
that the public cannot reach. A code of twelve signs can be typed instead of the link while a signature awaits its
confirmation.
"""

import base64
import binascii
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

import uuid_utils.compat as uuid
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from actions.rules import address

from .consents import CONTACT, Way, words
from .keys import address_value, keyed
from .models import CodeTry, Consent, ConsentText, ConsentWish, Hold, Petition, Signature, Signer, SignerLink
from .sealing import seal_content

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that looks like something else
# 30 ** 12 codes. However many are tried for an address, the code that its owner was sent stays good: nobody is locked
# out, and nobody needs to be (docs/decisions/0040).
CODE_LENGTH = 12
OLDEST_CODE = timedelta(days=60)  # reminders go for thirty


TICKED = (*CONTACT, Consent.SHOW_NAME, Consent.HAND_OVER_NAME)


class BadLink(Exception):
    """No link of ours, or one whose signature is gone."""


class Wish(NamedTuple):
    """What was ticked with the address, in these words, and waits for a word from the mailbox."""

    consents: list[Consent]
    text: ConsentText | None
    told: str = ""  # of a list of names

    def words(self) -> list[tuple[Consent, str]]:
        """Each with its words; with what was told, or what it is called, where they were not kept."""
        return [
            (
                consent,
                (words(self.text, consent) if self.text else "")
                or (consent is Consent.HAND_OVER_NAME and self.told)
                or str(consent.label),
            )
            for consent in self.consents
        ]


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


class HandOver(NamedTuple):
    """What is handed over of a signer: whether the name is, what was told, whether a delivery has it, the lists it
    stands on, as number of the delivery and columns, whether the day of one is still to come, and since when the use of
    the data is restricted."""

    chosen: bool
    told: dict[str, Any] | None
    frozen: bool
    listed: list[dict[str, Any]]
    to_come: bool
    restricted: datetime | None


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
    """Count the signature, and act on what was ticked. "confirmed", "already", "closed", "paused" or "gone".

    Raises BadLink.
    """
    return _call("actions_confirm(%s)", _bytes(token))


def confirm_with_code(*, petition: Petition, email: str, code: str) -> str:
    """As `confirm`, with the code from the mail; "wrong" also for an address that never signed. Raises BadAddress.

    Outside a transaction: the try must be there for good before it is answered. An address is tried under each version
    of its canonical form: its signature may be from before the newest.
    """
    outcome = "wrong"
    for value in _values(email):
        tried = _call("actions_try_code(%s, %s, %s)", petition.pk, value, _code_hash(code))
        if (outcome := _call("actions_confirm_code(%s, %s)", petition.pk, tried)) != "wrong":
            break
    return outcome


def withdraw(token: str) -> str:
    """Before the end: take the signature back, "withdrawn". After it: erase the person, "erased". Raises BadLink.

    The link leads nowhere afterwards. Under a legal hold "waits": the data is kept until that ends.
    """
    return _call("actions_leave(%s, true)", _bytes(token))


def erase(token: str) -> str:
    """Forget the person and keep the count: "erased", or "waits" under a legal hold. Raises BadLink."""
    return _call("actions_leave(%s, false)", _bytes(token))


def refuse(token: str) -> str:
    """It was somebody else: withdraw, and let nobody sign this petition with the address. As `withdraw`."""
    return _call("actions_refuse(%s)", _bytes(token))


def show_name(token: str, *, shown_name: str, text: ConsentText, found: Facts, petition: Petition) -> str:
    """Have this name shown, as its owner asks in these words. "given" or "gone". Raises BadLink."""
    with transaction.atomic():
        ask_correction(token, changed={"shown_name": shown_name}, found=found, petition=petition)
        outcome = _call("actions_show_name(%s, %s)", _bytes(token), text.pk)
        transaction.set_rollback(outcome != "given")  # nothing is kept that nobody agreed to
    return outcome


def ticks(token: str) -> Wish | None:
    """What was ticked when it was signed, while nobody has said from the mailbox that it was its owner."""
    with connection.cursor() as cursor:
        cursor.execute("select * from actions_link_ticks(%s)", [_bytes(token)])
        row = cursor.fetchone()
    if row is None:
        return None
    *flags, text, hand_over_name, told = row
    ticked = [consent for consent, is_ticked in zip(TICKED, (*flags, hand_over_name), strict=True) if is_ticked]
    return Wish(ticked, ConsentText.objects.filter(pk=text).first(), told or "") if ticked else None


def ticked(signer: Signer) -> list[Consent]:
    """What was ticked and waits for a word from the mailbox."""
    return [Consent(consent) for consent in TICKED if getattr(signer, consent)] if signer.proved_at is None else []


def waits(token: str) -> datetime | None:
    """Since when an erasure waits for the end of a legal hold."""
    with connection.cursor() as cursor:
        cursor.execute("select actions_link_waits(%s)", [_bytes(token)])
        return cursor.fetchone()[0]


def failed(token: str) -> list[str]:
    """What was asked for by a link and could not be done: kinds of `SignerRequest`, until it is asked for anew."""
    with connection.cursor() as cursor:
        cursor.execute("select actions_link_failed(%s)", [_bytes(token)])
        return cursor.fetchone()[0]


def end_consents(token: str, consents: Iterable[Consent], *, way: Way = Way.LINK) -> str:
    """End what was agreed to. A name that is handed over stays so once a delivery has it. Raises BadLink."""
    return _call("actions_end_consents(%s, %s::text[], %s)", _bytes(token), [str(one) for one in consents], str(way))


def end_contact(token: str) -> str:
    """No more mail to this signer about this or other work. Raises BadLink."""
    return end_consents(token, CONTACT)


def hide_name(token: str) -> str:
    """Take the first name off the page at once. Raises BadLink."""
    return end_consents(token, [Consent.SHOW_NAME])


def is_blocked(signature: Signature) -> bool:
    """Whether it is held because the address or its host is blocked: nobody is mailed a link that would count it."""
    return Hold.objects.filter(pk=signature.pk, reason=Hold.Reason.BLOCKED).exists()


def wish(token: str) -> Wish | None:
    """What was wished by signing again with this address, and waits for an answer; None where nothing does."""
    with connection.cursor() as cursor:
        cursor.execute("select * from actions_link_wish(%s)", [_bytes(token)])
        row = cursor.fetchone()
    if row is None or not (row[0] or row[1]):
        return None
    text = ConsentText.objects.get(pk=row[2])
    return Wish([consent for consent, wished in zip(CONTACT, row, strict=False) if wished], text)


def is_wished(signature: Signature) -> bool:
    """Whether somebody who signed again with the address ticked that we may write, and waits for an answer."""
    return ConsentWish.objects.filter(Q(contact_action=True) | Q(contact_other=True), pk=signature.pk).exists()


def answer_wish(token: str, *, consent: str, text: int | None) -> str:
    """Say yes to one wish, in the words with this id, or (without a consent) no to all.

    "given", "refused", or "gone" where nothing is wished in these words. Raises BadLink.
    """
    return _call("actions_answer_wish(%s, %s, %s)", _bytes(token), consent, text)


def hand_over_facts(token: str) -> HandOver:
    """What is handed over of the signer, and on which lists the name stands. Raises BadLink."""
    with connection.cursor() as cursor:
        cursor.execute("select * from actions_hand_over_facts(%s)", [_bytes(token)])
        row = cursor.fetchone()
    if row is None:
        raise BadLink
    chosen, told, frozen, listed, *more = row
    return HandOver(chosen, json.loads(told) if told else None, frozen, json.loads(listed), *more)


def choose_hand_over(token: str, notice: int | None, text: ConsentText | None = None) -> str:
    """Have the name handed over as a notice says, in the words agreed to, or only the number.

    "chosen"; "frozen" where a delivery has it, which before its day stops only that it is handed over after all; "gone"
    where there is nobody to hand over or no such notice. Raises BadLink.
    """
    return _call("actions_choose_hand_over(%s, %s, %s)", _bytes(token), notice, text.pk if text else None)


def ask_correction(token: str, *, changed: dict[str, str], found: Facts, petition: Petition) -> None:
    """Leave a new name, or what of it is shown, sealed, for a process with keys to put in place. Raises BadLink."""
    sealed = seal_content(changed, signature_id=found.signature_id, petition=petition)
    _call("actions_ask(%s, %s, 'correct', %s, null)", _bytes(token), uuid.uuid7(), sealed)


def ask_copy(token: str) -> None:
    """Ask for a copy of everything stored, sealed so that only this link opens it. Raises BadLink."""
    _call("actions_ask(%s, %s, 'copy', null, %s)", _bytes(token), uuid.uuid7(), bytes(_copy_key(token).public_key))


def open_copy(token: str, found: Facts) -> dict[str, Any] | None:
    """The copy that was asked for, or None while it is not ready; `found.copy` is then one for another link."""
    if not found.copy:
        return None
    try:
        return json.loads(SealedBox(_copy_key(token)).decrypt(bytes(found.copy)))
    except CryptoError:
        return None  # asked for by an older link; it opens there


def ask_link(email: str) -> None:
    """Have a link mailed to this address if it signed anything; nobody is told. Raises BadAddress.

    It is only written down: a worker looks it up (`find_asked`), so that this process cannot learn it. Signatures from
    before the newest version of the canonical form are found too.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for value in _values(email):
            cursor.execute("select actions_ask_link(%s)", [value])


FIND = """
with asked as (
    delete from actions_linkrequest where id in (
        select id from actions_linkrequest order by id limit %s for update skip locked
    ) returning value
), found as (
    select distinct on (value) s.id
    from asked cross join actions_petition p
        join actions_signature s on s.petition_id = p.id and s.digest = sha256(p.digest_salt || value)
        join actions_signer r on r.signature_id = s.id
    where p.digest_salt <> '' and not p.high_risk
        and not exists (select from actions_hold h where h.signature_id = s.id and h.reason = 'blocked')
    order by value, s.signed_at desc
), mail as (
    insert into actions_outboxmail (id, signature_id, kind)
    select gen_random_uuid(), id, 'link' from found where not exists (
        select from actions_outboxmail m where m.signature_id = found.id and m.kind = 'link'
            and m.created_at > clock_timestamp() - interval '1 hour'
    )
)
select count(*) from asked
"""


def find_asked(*, batch: int = 100) -> int:
    """Write the mail for each who asked for a link and has signed, at most one an hour; returns how many had asked."""
    with connection.cursor() as cursor:
        cursor.execute(FIND, [batch])
        return cursor.fetchone()[0]


def forget_tries() -> int:
    """Delete tries of codes that are older than any code is good for; returns how many."""
    return CodeTry.objects.filter(at__lt=timezone.now() - OLDEST_CODE).delete()[0]


def _call(function: str, *values: Any) -> Any:
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


def _values(email: str) -> list[bytes]:
    return [address_value(canonical) for canonical in address.every_canonical(email)]


def _code_hash(code: str) -> bytes:
    typed = "".join(sign for sign in code.upper() if sign.isalnum())
    return keyed(b"confirmation code 2", typed.encode())  # 1: eight signs, of five tries


def _copy_key(token: str) -> PrivateKey:
    return PrivateKey(sha256(b"copy of my data 1" + _bytes(token)).digest())
