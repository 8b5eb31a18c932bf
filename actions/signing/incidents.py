"""A breach of personal data: who was affected, by the audit trail, and the mail that tells them (art. 34).

Found by an export or a package, by what one of staff saw or took, by a period, or all signers of a form. Who is
forgotten since is not found: nothing is left of that person here.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from actions.rules.errors import ChangeRefused

from . import audit
from .models import AuditRecord, Incident, OutboxMail, Signature, TouchedSigner

# What somebody saw or took. Seals that workers open to send a mail or to compare names leave the house with nobody.
TAKEN = [
    audit.Verb.OPENED,
    audit.Verb.DISCLOSED,
    audit.Verb.CORRECTED,
    audit.Verb.EXPORTED,
    audit.Verb.PACKED,
    audit.Verb.SHARED,
]
APART = timedelta(seconds=1)  # one mail after the other, so that receipts do not wait for a breach


def affected(incident: Incident) -> QuerySet[Signature]:
    """The signatures whose signers are there and were touched by what happened."""
    rows = Signature.objects.filter(signer__isnull=False)
    if incident.everybody:
        return rows.filter(petition=incident.petition_id)
    records = AuditRecord.objects.filter(verb__in=TAKEN)
    if incident.record:
        records = records.filter(pk=incident.record)
    if incident.user_id is not None:
        records = records.filter(actor_id=incident.user_id)
    if incident.petition_id:
        records = records.filter(petition_id=incident.petition_id)
    if incident.first_at:
        records = records.filter(at__gte=incident.first_at)
    if incident.last_at:
        records = records.filter(at__lte=incident.last_at)
    records = records.order_by()
    alone = records.filter(signature_id__isnull=False).values("signature_id")
    several = TouchedSigner.objects.filter(record__in=records.values("pk")).values("signature")
    return rows.filter(Q(pk__in=alone) | Q(pk__in=several))


def by_form(incident: Incident) -> list[dict[str, Any]]:
    """How many are affected, by form, and how many of them are written to in neutral words."""
    found = affected(incident).values("petition_id", "petition__name", "petition__high_risk")
    return [dict(row) for row in found.annotate(n=Count("pk")).order_by("petition__name")]


def ids(incident: Incident, *, by: Any) -> list[UUID]:
    """The numbers of the signatures, for the register and the authority; looking is recorded."""
    found = list(affected(incident).order_by("pk").values_list("pk", flat=True))
    audit.record(
        audit.Verb.AFFECTED, by=by, petition=incident.petition_id, number=len(found), purpose=f"breach {incident.pk}"
    )
    return found


def open_incident(incident: Incident, *, by: Any) -> Incident:
    """Enter a breach into the register and count who was affected. Raises ChangeRefused where nothing says whom."""
    if incident.export:
        incident.record = incident.export.record
    elif incident.package:
        incident.record = incident.package.record
    if (incident.export or incident.package) and not incident.record:
        raise ChangeRefused
    incident.by = by
    incident.save()
    incident.number = len(ids(incident, by=by))
    incident.save(update_fields=["number"])
    return incident


def tell(incident: Incident, *, by: Any) -> int:
    """Put a mail to everybody affected into the outbox; returns how many are new there.

    Whatever they agreed to, restricted or not: the law asks for it. May be called again for who was found since.
    Raises ChangeRefused where a language has no words.
    """
    with transaction.atomic():
        locked = Incident.objects.select_for_update().get(pk=incident.pk)
        if missing_words(locked):
            raise ChangeRefused
        found = affected(locked).exclude(pk__in=OutboxMail.objects.filter(incident=locked).values("signature"))
        pks, now = list(found.order_by("pk").values_list("pk", flat=True)), timezone.now()
        kind, number = OutboxMail.Kind.UPDATE, len(pks)
        rows = (
            OutboxMail(signature_id=pk, kind=kind, incident=locked, created_at=due, due_at=due)
            for pk, due in ((pk, now + APART * n) for n, pk in enumerate(pks))
        )
        OutboxMail.objects.bulk_create(rows, batch_size=1000)
        locked.mailed_at, locked.mailed = timezone.now(), locked.mailed + number
        locked.save(update_fields=["mailed_at", "mailed"])
        audit.record(
            audit.Verb.NOTIFIED, by=by, petition=locked.petition_id, number=number, purpose=f"breach {locked.pk}"
        )
    return number


def missing_words(incident: Incident) -> list[str]:
    """Languages in which the mail lacks a subject or a body. (In high-risk mode the words are ours, and neutral.)"""
    return [
        code
        for code, _name in settings.LANGUAGES
        if not all(incident.words.get(code, {}).get(part, "").strip() for part in ("subject", "body"))
    ]


def told_authority(incident: Incident) -> None:
    """The authority was told, now; once."""
    Incident.objects.filter(pk=incident.pk, authority_told_at=None).update(authority_told_at=timezone.now())
