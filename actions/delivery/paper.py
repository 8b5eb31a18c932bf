"""Signatures on paper: one person enters how many, another confirms it, and only then they count."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from actions.rules.errors import ChangeRefused
from actions.signing.counting import add_paper, paper
from actions.signing.models import Petition

from .models import PaperBatch


class SamePerson(ChangeRefused):
    """Whoever entered a batch cannot confirm it."""


class AlreadyDone(ChangeRefused):
    """It was confirmed or refused before."""


def enter(*, petition: Petition, place: str, collected_on: date, number: int, note: str = "", by: Any) -> PaperBatch:
    """Enter a batch; it waits for a second person."""
    return PaperBatch.objects.create(
        petition=petition, place=place, collected_on=collected_on, number=number, note=note, entered_by=by
    )


def correct(*, batch: PaperBatch, right_number: int, note: str = "", by: Any) -> PaperBatch:
    """Enter that a confirmed batch had another number. Raises ChangeRefused where there is nothing to correct.

    What was handed over stays what it was; the difference goes with the next delivery.
    """
    first = batch.corrects or batch
    difference = right_number - effective(first)
    if not difference or right_number < 0 or first.confirmed_at is None:
        raise ChangeRefused
    if first.corrections.filter(confirmed_at=None, refused_at=None).exists():
        raise ChangeRefused
    return PaperBatch.objects.create(
        petition_id=first.petition_id,
        place=first.place,
        collected_on=first.collected_on,
        number=difference,
        note=note,
        corrects=first,
        entered_by=by,
    )


def effective(batch: PaperBatch) -> int:
    """What a batch counts for, its confirmed corrections included; 0 before it is confirmed."""
    if batch.confirmed_at is None:
        return 0
    corrections = batch.corrections.exclude(confirmed_at=None).aggregate(n=Coalesce(Sum("number"), 0))["n"]
    return batch.number + corrections


def confirm(*, batch: PaperBatch, by: Any) -> PaperBatch:
    """A second person has counted the sheets too. Raises SamePerson and AlreadyDone."""
    with transaction.atomic():
        locked = _waiting(batch)
        if by is None or locked.entered_by_id in (None, by.pk):
            raise SamePerson
        locked.confirmed_by, locked.confirmed_at = by, timezone.now()
        locked.save(update_fields=["confirmed_by", "confirmed_at"])
        add_paper(locked.petition, locked.number)
    return locked


def refuse(*, batch: PaperBatch, by: Any) -> PaperBatch:
    """It is not right and never counts; the entry stays. Whoever entered it may take it back so. Raises AlreadyDone."""
    with transaction.atomic():
        locked = _waiting(batch)
        locked.refused_at = timezone.now()
        locked.save(update_fields=["refused_at"])
    return locked


def _waiting(batch: PaperBatch) -> PaperBatch:
    locked = PaperBatch.objects.select_for_update(of=("self",)).select_related("petition").get(pk=batch.pk)
    if locked.confirmed_at or locked.refused_at:
        raise AlreadyDone
    return locked


def undelivered(petition: Petition, before: datetime | None = None) -> int:
    """Signatures on paper that were confirmed and not handed over yet."""
    rows = PaperBatch.objects.filter(petition=petition, delivery=None).exclude(confirmed_at=None)
    if before:
        rows = rows.filter(confirmed_at__lt=before)
    return rows.aggregate(n=Coalesce(Sum("number"), 0))["n"]


def check(petition: Petition, *, repair: bool = False) -> tuple[int, int]:
    """What is shown as paper, and the sum of the confirmed batches; put right if asked to."""
    with transaction.atomic():
        if repair:
            Petition.objects.select_for_update().get(pk=petition.pk)
        shown = paper(petition)
        batches = PaperBatch.objects.filter(petition=petition).exclude(confirmed_at=None)
        truth = batches.aggregate(n=Coalesce(Sum("number"), 0))["n"]
        if repair and shown != truth:
            add_paper(petition, truth - shown)
    return shown, truth
