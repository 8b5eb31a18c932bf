"""Forgetting the signers of a petition when their time is over: in batches, so that whatever stops it, it goes on."""

from typing import Any
from uuid import UUID

from django.db import transaction

from actions.rules.errors import ChangeRefused

from . import audit, keys
from .models import Hold, OutboxMail, Petition, PublicName, ReviewRuleItem, Signature, Signer, SignerLink, SignerRequest

BATCH = 1000

# All that leads to a person, besides the signer itself. `signature` names the reference in each.
TRACES = (PublicName, Hold, SignerRequest, OutboxMail, SignerLink)


def forget(*, petition: Petition, by: Any = None, purpose: str = "retention") -> int:
    """Delete everything personal of a petition, then its key and salt; totals, tallies and funnel stay.

    Returns how many signers were deleted by this call. Raises ChangeRefused under a legal hold. May be stopped at any
    moment and called again.
    """
    deleted, last = 0, None
    while batch := _batch(petition, last, by, purpose):
        deleted, last = deleted + len(batch), batch[-1]
    with transaction.atomic():
        locked = Petition.objects.select_for_update().get(pk=petition.pk)
        if locked.legal_hold:
            raise ChangeRefused
        # One that came in behind the cursor, by an import that began before the end.
        Signer.objects.filter(signature__petition=petition).delete()
        Signature.objects.filter(petition=petition, state__in=["awaiting", "held"]).update(state="withdrawn")
        for model in TRACES:
            model._default_manager.filter(signature__petition=petition).delete()
        ReviewRuleItem.objects.filter(rule__petition=petition).delete()
        keys.destroy(petition, by=by, purpose=purpose)
    return deleted


def _batch(petition: Petition, after: UUID | None, by: Any, purpose: str) -> list[UUID]:
    """Delete the next signers after an id. The cursor spares each batch the way through what others have deleted."""
    with transaction.atomic():
        # For no key update: a legal hold set meanwhile waits, or is seen.
        if Petition.objects.select_for_update(no_key=True).get(pk=petition.pk).legal_hold:
            raise ChangeRefused
        rows = Signature.objects.filter(petition=petition, signer__isnull=False).order_by("pk")
        if after:  # Both tables are told, or the database goes through one of them from its beginning.
            rows = rows.filter(pk__gt=after, signer__pk__gt=after)
        ids = list(rows.values_list("pk", flat=True)[:BATCH])
        if ids:
            Signer.objects.filter(pk__in=ids).delete()
            audit.record(audit.Verb.FORGOTTEN, by=by, petition=petition.pk, number=len(ids), purpose=purpose)
    return ids


def set_legal_hold(*, petition: Petition, held: bool, by: Any, reason: str) -> None:
    """Stop the deletion of a petition's signers, or let it go on; who and why is recorded."""
    with transaction.atomic():
        locked = Petition.objects.select_for_update().get(pk=petition.pk)
        if locked.forgotten_at:
            raise ChangeRefused
        locked.legal_hold = held
        locked.save(update_fields=["legal_hold"])
        audit.record(audit.Verb.LEGAL_HOLD, by=by, petition=petition.pk, number=int(held), purpose=reason)
