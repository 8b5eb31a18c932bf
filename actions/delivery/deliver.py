"""Handing over: the set is fixed in one transaction and its number is never typed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection, transaction

from actions.rules.errors import ChangeRefused
from actions.signing.models import Petition, Signature

from .models import Delivery, Recipient


def undelivered(petition: Petition) -> int:
    """How many counted signatures have not been handed over yet."""
    return Signature.objects.counted().filter(petition=petition, delivered=None).count()


def deliver(*, petition: Petition, recipients: Iterable[Recipient], delivered_on: date, by: Any = None) -> Delivery:
    """Record a hand-over of all counted signatures that were not handed over before.

    Raises ChangeRefused where there is none. Waits for signatures in flight, so that the set has one edge.
    """
    with transaction.atomic():
        Petition.objects.select_for_update().get(pk=petition.pk)
        delivery = Delivery.objects.create(petition=petition, delivered_on=delivered_on, signatures=0, created_by=by)
        with connection.cursor() as cursor:
            cursor.execute(
                """
                insert into actions_deliveredsignature (signature_id, delivery_id)
                select s.id, %s from actions_signature s
                where s.petition_id = %s and s.state = %s
                and not exists (select from actions_deliveredsignature d where d.signature_id = s.id)
                """,
                [delivery.pk, petition.pk, Signature.State.COUNTED],
            )
            delivery.signatures = cursor.rowcount
        if not delivery.signatures:
            raise ChangeRefused
        delivery.save(update_fields=["signatures"])
        delivery.recipients.set(recipients)
    return delivery
