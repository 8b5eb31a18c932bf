"""Reading recipients and deliveries in the language of a page."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from wagtail.models import Locale

from actions.signing.hand_over import Named
from actions.signing.models import Petition

from .models import AllowedRecipient, Delivery, PetitionRecipient, Recipient


@dataclass(frozen=True)
class HandedOver:
    """A delivery as pages tell of it."""

    pk: int
    number: int
    delivered_on: date
    recorded_at: datetime
    recipients: list[Recipient]
    new: int = 0  # of the number, those that were not handed over before


def addressees(petition: Petition, locale: Locale) -> list[Recipient]:
    """To whom the petition goes, in order, each in the language of `locale` where it is translated."""
    found = _best(_recipients(petition, set()), locale)
    return [r for r in found.values() if r.place is not None]


def named(recipient: Recipient) -> Named:
    """A recipient as signers are told of it."""
    return Named(id=recipient.pk, name=recipient.name, office=recipient.office, country=str(recipient.country))


def written(petition: Petition) -> list[Recipient]:
    """To whom the petition goes, in order, in the words they were written in: what a hand-over is bound to."""
    links = PetitionRecipient.objects.filter(petition=petition).order_by("sort_order", "id")
    return [link.recipient for link in links.select_related("recipient")]


def receivers(delivery: Delivery, locale: Locale) -> list[Recipient]:
    """Who received a delivery, each in the language of `locale` where it is translated."""
    keys = [recipient.translation_key for recipient in delivery.recipients.all()]
    return list(_best(Recipient.objects.filter(translation_key__in=keys).order_by("id"), locale).values())


def may_receive(petition: Petition) -> QuerySet[Recipient]:
    """To whom a delivery may go: the form's own recipients, and those that were allowed besides."""
    own = PetitionRecipient.objects.filter(petition=petition).values("recipient")
    further = AllowedRecipient.objects.filter(petition=petition).values("recipient")
    return Recipient.objects.filter(Q(pk__in=own) | Q(pk__in=further))


def addressees_and_deliveries(petition: Petition, locale: Locale) -> tuple[list[Recipient], list[HandedOver]]:
    """To whom the petition goes, and its deliveries, latest first; in two queries."""
    keys = ArrayAgg("recipients__translation_key", order_by="recipients__id", filter=Q(recipients__isnull=False))
    repeated = Delivery.objects.filter(repeated_in=OuterRef("pk")).order_by().values("repeated_in")
    again = Coalesce(Subquery(repeated.values(n=Sum(F("signatures") + F("paper")))), 0)
    deliveries = list(Delivery.objects.filter(petition=petition).annotate(keys=keys, again=again))
    found = _best(_recipients(petition, {key for d in deliveries for key in d.keys or ()}), locale)
    told = [
        HandedOver(
            pk=delivery.pk,
            number=delivery.number,
            new=delivery.number - delivery.again,
            delivered_on=delivery.delivered_on,
            recorded_at=delivery.created_at,
            recipients=[found[key] for key in delivery.keys or ()],
        )
        for delivery in deliveries
    ]
    return [r for r in found.values() if r.place is not None], told


def _recipients(petition: Petition, others: set) -> QuerySet[Recipient]:
    """The petition's addressees, with their `place` in the order, and the `others`, in every language."""
    links = PetitionRecipient.objects.filter(petition=petition, recipient__translation_key=OuterRef("translation_key"))
    place = Subquery(links.order_by("sort_order").values("sort_order")[:1])
    rows = Recipient.objects.annotate(place=place).filter(Q(place__isnull=False) | Q(translation_key__in=others))
    return rows.order_by(F("place").asc(nulls_last=True), "id")


def _best(rows: QuerySet[Recipient], locale: Locale) -> dict:
    """By translation key: the row in the language of `locale`, or else the oldest, which is the source."""
    best: dict = {}
    for row in rows:
        if row.locale_id == locale.pk or row.translation_key not in best:
            best[row.translation_key] = row
    return best


class SoFar(NamedTuple):
    """How many actions have been handed over, and since which year; None where none has."""

    number: int
    since: int | None


def so_far(petitions: QuerySet[Petition], today: date) -> SoFar:
    """What was handed over of these petitions until today."""
    found = Delivery.objects.filter(petition__in=petitions, delivered_on__lte=today).order_by()
    told = found.aggregate(number=Count("petition", distinct=True), first=Min("delivered_on"))
    return SoFar(told["number"], told["first"].year if told["first"] else None)
