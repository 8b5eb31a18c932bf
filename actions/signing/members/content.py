"""What a notice says, the same each time it is asked for, and only while it is still so."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from .. import audit, consents, reading
from ..models import MemberLink, MemberNotice, Signature, Signer
from ..sealing import SealBroken
from .peer import system, was_taken, will_try

ON_A_PAGE = 100
MAX_PAGE = 500

Kind = MemberNotice.Kind
OF_A_PERSON = (Kind.CONSENTED, Kind.UPDATED)


class OtherEpoch(Exception):
    """The cursor was given before a restore, or was never given."""


class Cursor(NamedTuple):
    """Where a reader stands: the epoch, and the number of the last notice it has seen."""

    epoch: UUID
    number: int

    def __str__(self) -> str:
        return f"{self.epoch.hex}-{self.number}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """Nothing for an empty one, which is the beginning. Raises ValueError."""
        if not text:
            return None
        epoch, dash, number = text.partition("-")
        if not dash or not number.isascii() or not number.isdigit() or len(number) > 18:
            raise ValueError("no cursor")
        return cls(UUID(hex=epoch), int(number))


class Page(NamedTuple):
    """Events after a cursor, and the cursor to go on with."""

    events: list[dict[str, Any]]
    next: Cursor
    more: bool


def page(after: Cursor | None, *, limit: int = ON_A_PAGE, by: Any = audit.WORKER) -> Page:
    """The notices after a cursor, oldest first, without those that no longer hold. Raises OtherEpoch and KeyLost."""
    now, taken = system(), set[UUID]()
    number = after.number if after else 0
    if after and (after.epoch != now.epoch or number > _last()):
        raise OtherEpoch
    rows = list(
        MemberNotice.objects.filter(pk__gt=number, epoch__isnull=False)
        .exclude(kind=Kind.TEST)
        .select_related("words")
        .order_by("pk")[: min(limit, MAX_PAGE)]
    )
    told = []
    for row in rows:
        of_a_person = row.kind in OF_A_PERSON
        if of_a_person and holds(row):
            will_try(row.contact)
        if event := content(row, by=by):
            told.append(event)
            if of_a_person and row.contact:
                taken.add(row.contact)
    was_taken(taken)
    return Page(told, Cursor(now.epoch, rows[-1].pk if rows else number), len(rows) == limit)


def _last() -> int:
    return MemberNotice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def content(row: MemberNotice, *, by: Any = audit.WORKER) -> dict[str, Any] | None:
    """What is told: of the end of a contact ids only; of a contact the person, while the consent stands.

    None where it does not hold any more: a later notice says how it is now. Raises KeyLost. The same notice has
    the same content for ever: what it was made of is compared by a digest of the sealed signer.
    """
    data: dict[str, Any] = {
        "contact": str(row.contact) if row.contact else None,
        "action": str(row.action) if row.action else None,
        "reason": row.reason or None,
    }
    if row.ended_action:
        data["ended_action"] = str(row.ended_action)
    if row.kind in OF_A_PERSON:
        person = _person(row, by)
        if person is None:
            return None
        data |= person
    return {
        "id": str(row.uid),
        "type": "system.test" if row.kind == Kind.TEST else f"contact.{row.kind}",
        "timestamp": _utc(row.happened_at),
        "epoch": row.epoch.hex if row.epoch else None,
        "sequence": row.pk,
        "data": data,
    }


def body(event: Any) -> bytes:
    """An event, or a page of them, as it goes out: by webhook and to whoever asks in the same bytes."""
    return json.dumps(event, ensure_ascii=False).encode()


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def digest(signer: Signer) -> bytes:
    """What stands for a signer as told of: another after each correction, and where the name is known to be an old one.

    As the statements in `notices` make it.
    """
    return sha256(bytes(signer.sealed) + (b"old" if signer.name_is_old else b"")).digest()


def holds(row: MemberNotice) -> bool:
    """Whether what a notice says of a person is still so."""
    return _signature(row) is not None


def _signature(row: MemberNotice) -> Signature | None:
    if row.signature_id is None:
        return None
    signature = (
        Signature.objects.filter(
            pk=row.signature_id,
            state=Signature.State.COUNTED,
            signer__contact_other=True,
            signer__proved_at__isnull=False,
            restriction=None,
        )
        .select_related("signer", "petition__secret")
        .first()
    )
    if signature is None or digest(signature.signer) != bytes(row.seal or b""):
        return None
    if not MemberLink.objects.filter(pk=signature.pk, contact=row.contact, stands=True).exists():
        return None
    return signature


def _person(row: MemberNotice, by: Any) -> dict[str, Any] | None:
    signature = _signature(row)
    if signature is None:
        return None
    to_whom = {"verb": audit.Verb.SHARED, "by": by, "purpose": "membership system"}
    try:
        person = reading.read(signer=signature.signer, petition=signature.petition, **to_whom)
    except SealBroken:
        return None
    fields = person.for_membership()
    if signature.signer.name_is_old:  # a restored backup has it; the membership system may have the right one
        fields.pop("name", None)
    text = row.words
    return {
        "person": fields,
        "country": signature.country or None,
        "language": signature.language,
        "consent": {
            "given_at": _utc(row.given_at) if row.given_at else None,
            "words": {"version": str(text), "url": consents.address_of(text)} if text else None,
        },
    }
