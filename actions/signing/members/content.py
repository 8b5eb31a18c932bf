"""What a notice says, the same each time it is asked for, and only while it is still so."""

from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from .. import audit, consents, reading
from ..models import MemberLink, MemberNotice, Signature
from ..sealing import SealBroken
from .peer import system

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
    now = system()
    number = after.number if after else 0
    if after and (after.epoch != now.epoch or number > _last()):
        raise OtherEpoch
    rows = list(
        MemberNotice.objects.filter(pk__gt=number, epoch__isnull=False)
        .exclude(kind=Kind.TEST)
        .select_related("words")
        .order_by("pk")[: min(limit, MAX_PAGE)]
    )
    told = [event for row in rows if (event := content(row, by=by))]
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
    if row.kind in OF_A_PERSON:
        person = _person(row, by)
        if person is None:
            return None
        data |= person
    return {
        "id": str(row.uid),
        "type": "system.test" if row.kind == Kind.TEST else f"contact.{row.kind}",
        "timestamp": row.happened_at.isoformat(),
        "epoch": row.epoch.hex if row.epoch else None,
        "sequence": row.pk,
        "data": data,
    }


def _person(row: MemberNotice, by: Any) -> dict[str, Any] | None:
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
    if signature is None or sha256(bytes(signature.signer.sealed)).digest() != bytes(row.seal or b""):
        return None
    if not MemberLink.objects.filter(pk=signature.pk, contact=row.contact, stands=True).exists():
        return None
    to_whom = {"verb": audit.Verb.SHARED, "by": by, "purpose": "membership system"}
    try:
        person = reading.read(signer=signature.signer, petition=signature.petition, **to_whom)
    except SealBroken:
        return None
    text = row.words
    return {
        "person": person.for_membership(),
        "country": signature.country or None,
        "language": signature.language,
        "consent": {
            "given_at": row.given_at.isoformat() if row.given_at else None,
            "words": {"version": str(text), "url": consents.address_of(text)} if text else None,
        },
    }
