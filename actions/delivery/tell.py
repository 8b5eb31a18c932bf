"""Telling signers that their names were handed over: those who asked to hear about the action, once it has happened."""

from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from actions.signing import limits

from .models import Delivery, DeliveryPackage, ListedName

A_MINUTE = 600  # where no limit is set
SHARE = 4  # of what may go out in an hour these take a quarter, so that nothing else waits and no alarm is raised

# A later list takes the place of what was told of an earlier one: its mail tells of both.
WRITE = """
with asked as (
    select s.id, row_number() over (order by s.id) - 1 as place from actions_listedname t
        join actions_signature s on s.id = t.signature_id and s.state = 'counted'
        join actions_signer r on r.signature_id = s.id and r.contact_action and r.proved_at is not null
            and r.mailbox_gone_at is null
    where t.delivery_id = %(delivery)s
), told as (
    update actions_outboxmail m set id = gen_random_uuid(), sent_at = null, gave_up_at = null, gave_up_why = '',
        bounced_at = null, attempts = 0, created_at = now() + place * %(apart)s::interval,
        due_at = now() + place * %(apart)s::interval
    from asked where m.signature_id = asked.id and m.kind = 'handed' returning m.signature_id
), more as (
    insert into actions_outboxmail (id, signature_id, kind, created_at, due_at)
    select gen_random_uuid(), id, 'handed', now() + place * %(apart)s::interval, now() + place * %(apart)s::interval
    from asked where id not in (select signature_id from told) returning 1
)
select count(*) from asked
"""


def tell_due(today: date) -> int:
    """Write the mails for deliveries whose day has come and that have a list; returns how many. Each is told once."""
    listed = Exists(ListedName.objects.filter(delivery=OuterRef("pk")))
    # Made once is enough: its file goes with whoever is erased.
    made = DeliveryPackage.objects.filter(delivery=OuterRef("pk"), manifest__isnull=False).exclude(columns=[])
    due = Delivery.objects.filter(
        listed, Exists(made), told_at=None, delivered_on__lte=today, petition__high_risk=False
    )
    return sum(_tell(pk) for pk in due.values_list("pk", flat=True))


def _tell(pk: Any) -> int:
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update(skip_locked=True).filter(pk=pk, told_at=None).first()
        if delivery is None:  # another worker is at it
            return 0
        most = limits.rules().mails_per_hour
        apart = 3600 * SHARE / most if most else 60 / A_MINUTE
        with connection.cursor() as cursor:
            cursor.execute(WRITE, {"delivery": pk, "apart": f"{apart} seconds"})
            (number,) = cursor.fetchone()
        delivery.told_at = timezone.now()
        delivery.save(update_fields=["told_at"])
    return number
