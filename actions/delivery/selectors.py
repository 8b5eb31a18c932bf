"""Reading recipients and deliveries in the language of a page."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from wagtail.models import Locale

from actions.signing.models import Petition

from .models import Delivery, PetitionRecipient, Recipient


@dataclass(frozen=True)
class HandedOver:
    """A delivery as pages tell of it."""

    pk: int
    signatures: int
    delivered_on: date
    recipients: list[Recipient]


def addressees(petition: Petition, locale: Locale) -> list[Recipient]:
    """To whom the petition goes, in order, each in the language of `locale` where it is translated."""
    chosen = PetitionRecipient.objects.filter(petition=petition).order_by("sort_order")
    rows = list(chosen.values_list("recipient__translation_key", "recipient_id"))
    return _in_language(rows, locale)


def deliveries(petition: Petition, locale: Locale) -> list[HandedOver]:
    """The petition's deliveries, latest first, with their recipients in the language of `locale`."""
    found = list(Delivery.objects.filter(petition=petition))
    if not found:
        return []
    links = Delivery.recipients.through.objects.filter(delivery__in=found).order_by("id")
    rows = list(links.values_list("delivery_id", "recipient__translation_key", "recipient_id"))
    everybody = {r.translation_key: r for r in _in_language([row[1:] for row in rows], locale)}
    return [
        HandedOver(
            pk=delivery.pk,
            signatures=delivery.signatures,
            delivered_on=delivery.delivered_on,
            recipients=[everybody[key] for pk, key, _id in rows if pk == delivery.pk],
        )
        for delivery in found
    ]


def _in_language(chosen: list[tuple], locale: Locale) -> list[Recipient]:
    """The chosen recipients (translation key, id) in order: in the language of `locale`, or as they were chosen."""
    keys = [key for key, _id in chosen]
    ids = {pk for _key, pk in chosen}
    rows: QuerySet[Recipient] = Recipient.objects.filter(translation_key__in=keys) if keys else Recipient.objects.none()
    best: dict = {}
    for row in rows:
        if row.locale_id == locale.pk or (row.pk in ids and row.translation_key not in best):
            best[row.translation_key] = row
    return [best[key] for key in dict.fromkeys(keys)]
