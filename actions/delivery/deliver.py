"""Handing over: the set is fixed in one transaction and its number is never typed."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from actions.rules.errors import ChangeRefused
from actions.signing import audit
from actions.signing.clock import database_now
from actions.signing.models import Petition, Signature
from actions.signing.public import told

from . import paper
from .models import (
    AllowedRecipient,
    DeliveredSignature,
    Delivery,
    DeliveryPackage,
    ListedName,
    PaperBatch,
    Recipient,
)
from .selectors import may_receive


class NotTold(ChangeRefused):
    """Signers were not told of this recipient, and nobody who answers for it has let the number go there."""


class Waiting(NamedTuple):
    """What a delivery would hand over."""

    online: int
    paper: int
    again: int

    @property
    def number(self) -> int:
        return self.online + self.paper + self.again


def preview(*, petition: Petition, signed_before: datetime | None = None, repeats: Iterable[Delivery] = ()) -> Waiting:
    """What `deliver` would freeze at this moment; changes nothing."""
    return Waiting(
        waiting(petition, signed_before).count(),
        max(0, paper.undelivered(petition, signed_before)),
        sum(delivery.number for delivery in repeats),
    )


def deliver(
    *,
    petition: Petition,
    recipients: Iterable[Recipient],
    delivered_on: date,
    by: Any = None,
    signed_before: datetime | None = None,
    repeats: Iterable[Delivery] = (),
    place: str = "",
    words: dict[str, Any] | None = None,
) -> Delivery:
    """Freeze all counted signatures, online and on paper, that were not handed over before, as one delivery.

    `signed_before` cuts off what is newer; `repeats` are earlier deliveries whose sets are handed over again, because
    somebody asked for it; `words` are title, demands and letter in force, by language. Raises NotTold where a recipient
    is neither the form's own nor a further one that was allowed, and ChangeRefused where there would be nothing to hand
    over. Signing goes on meanwhile: the edge of the set is an instant after everything in flight was stored.
    """
    recipients = list(recipients)
    if {recipient.pk for recipient in recipients} - set(may_receive(petition).values_list("pk", flat=True)):
        raise NotTold
    edge = _edge(petition)
    before = min(signed_before, edge) if signed_before else edge
    again = list(repeats)
    with transaction.atomic(), connection.cursor() as cursor:
        # Two people at two wizards: the second waits, and finds what the first one left.
        # Signing goes on beside this lock, and the public process's role cannot hold it.
        cursor.execute("select from actions_petition where id = %s for no key update", [petition.pk])
        delivery = Delivery.objects.create(
            petition=petition,
            delivered_on=delivered_on,
            place=place,
            words=words or {},
            signatures=0,
            signed_before=before,
            created_by=by,
        )
        online = _freeze(cursor, petition, delivery, before)
        sheets = _freeze_paper(petition, delivery, before)
        if not online and not sheets:  # what was handed over alone is the delivery that was made then
            raise ChangeRefused
        delivery.signatures = online + sum(earlier.signatures for earlier in again)
        delivery.paper = sheets + sum(earlier.paper for earlier in again)
        delivery.repeats.set(again)
        delivery.fingerprint = fingerprint(delivery)
        delivery.save(update_fields=["signatures", "paper", "fingerprint"])
        delivery.recipients.set(recipients)
        told(petition, DeliveredSignature.objects.filter(signature__petition=petition).count())
    return delivery


def allow(*, petition: Petition, recipient: Recipient, reason: str, by: Any) -> None:
    """Let the number of signatures go to a recipient that signers were not told of; said once, and recorded."""
    with transaction.atomic():
        _one, is_new = AllowedRecipient.objects.get_or_create(
            petition=petition, recipient=recipient, defaults={"reason": reason, "by": by}
        )
        if is_new:
            audit.record(audit.Verb.ALLOWED, by=by, petition=petition.pk, purpose=f"{recipient}: {reason}")


def has_names(delivery: Delivery) -> bool:
    """Whether a list with names was asked for: its signers are told who gets it, so the recipients stay."""
    with_names = DeliveryPackage.objects.filter(delivery=delivery).exclude(columns=[])
    return with_names.exists() or ListedName.objects.filter(delivery=delivery).exists()


def facts_of(delivery: Delivery) -> dict[str, str]:
    """What can be changed of a delivery after it was frozen, as the audit trail tells it."""
    stored = Delivery.objects.get(pk=delivery.pk)
    recipients = [str(recipient) for recipient in stored.recipients.order_by("pk")]
    return {"day": f"{stored.delivered_on:%Y-%m-%d}", "place": stored.place, "recipients": "; ".join(recipients)}


def record_change(delivery: Delivery, *, before: dict[str, str], by: Any) -> None:
    """Write down what is different from before, each by itself."""
    for field, now in facts_of(delivery).items():
        if now != before[field]:
            changed = f"delivery {delivery.pk}, {field}: {before[field] or '–'} → {now or '–'}"
            audit.record(audit.Verb.DELIVERY, by=by, petition=delivery.petition_id, purpose=changed)


def record_deletion(delivery: Delivery, *, by: Any) -> None:
    """Write down what it was, before a hand-over that was recorded by mistake is deleted. In the same transaction.

    Raises ChangeRefused where a list with names was asked for: its signers are told that they stand on it.
    """
    locked = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if has_names(locked):
        raise ChangeRefused
    facts = {"signatures": locked.number, **facts_of(locked)}
    what = f"delivery {locked.pk} deleted, " + ", ".join(f"{field}: {value or '–'}" for field, value in facts.items())
    audit.record(audit.Verb.DELIVERY, by=by, petition=locked.petition_id, purpose=what)


def waiting(petition: Petition, signed_before: datetime | None = None) -> QuerySet[Signature]:
    """Counted signatures of a petition that were not handed over before."""
    rows = Signature.objects.counted().filter(petition=petition, delivered=None)
    return rows.filter(signed_at__lt=signed_before) if signed_before else rows


def _edge(petition: Petition) -> datetime:
    """The database's clock at a moment when every signature before it is stored.

    For update: it waits for the key-share locks of signatures in flight. It is given back at once, so nobody waits
    while a million rows are frozen.
    """
    with transaction.atomic():
        Petition.objects.select_for_update().get(pk=petition.pk)
        return database_now()


def _freeze(cursor: Any, petition: Petition, delivery: Delivery, before: datetime) -> int:
    cursor.execute(
        """
        insert into actions_deliveredsignature (signature_id, delivery_id)
        select s.id, %s from actions_signature s
        where s.petition_id = %s and s.state = %s and s.signed_at < %s
        and not exists (select from actions_deliveredsignature d where d.signature_id = s.id)
        """,
        [delivery.pk, petition.pk, Signature.State.COUNTED, before],
    )
    return cursor.rowcount


def _freeze_paper(petition: Petition, delivery: Delivery, before: datetime) -> int:
    number = paper.undelivered(petition, before)
    if number <= 0:
        return 0
    rows = PaperBatch.objects.filter(petition=petition, delivery=None, confirmed_at__lt=before)
    rows.update(delivery=delivery)
    return number


def delivered_ids(delivery: Delivery) -> Iterator[UUID]:
    """The ids of a frozen set, sets it repeats included, in their order."""
    ids = DeliveredSignature.objects.filter(Q(delivery=delivery) | Q(delivery__in=delivery.repeats.all()))
    after: UUID | None = None
    while batch := list(
        (ids.filter(pk__gt=after) if after else ids).order_by("pk").values_list("pk", flat=True)[:50_000]
    ):
        yield from batch
        after = batch[-1]


def fingerprint(delivery: Delivery) -> str:
    """SHA-256 over the ids of the set as 16 bytes each, in order: the same set always has the same one."""
    digest = hashlib.sha256()
    for pk in delivered_ids(delivery):
        digest.update(pk.bytes)
    return digest.hexdigest()
