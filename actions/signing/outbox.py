"""Sending what the outbox holds. Several workers may run at once; each mail is claimed by one.

A row is locked while its mail is sent and marked in the same transaction: a crash in between sends it again with the
same Message-ID, never loses it.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from .models import OutboxMail
from .sealing import SealBroken, open_signer

log = logging.getLogger(__name__)

MAX_AGE = timedelta(days=3)
LONGEST_WAIT = timedelta(hours=2)

# Makes the mail for an outbox row (with its signature and petition) and an address.
Compose = Callable[[OutboxMail, str], EmailMessage]


def send_next(compose: Compose) -> bool:
    """Send the mail that has been due longest. Returns False where none is due.

    A mail that fails is tried again after 1, 2, 4 … minutes, at most two hours, and given up after three days.
    """
    with transaction.atomic():
        mail = (
            OutboxMail.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(sent_at=None, gave_up_at=None, due_at__lte=Now())
            .select_related("signature__petition", "signature__signer")
            .order_by("due_at")
            .first()
        )
        if mail is None:
            return False
        try:
            _send(mail, compose)
        except Exception as error:
            # The error's text may quote the address; its type is enough to act on.
            _put_off(mail, type(error).__name__)
        else:
            mail.sent_at = timezone.now()
        mail.attempts += 1
        mail.save(update_fields=["attempts", "due_at", "sent_at", "gave_up_at"])
    return True


def _send(mail: OutboxMail, compose: Compose) -> None:
    person = open_signer(signer=mail.signature.signer, petition=mail.signature.petition)
    compose(mail, person.email).send()


def _put_off(mail: OutboxMail, why: str) -> None:
    now = timezone.now()
    final = {SealBroken.__name__, "RelatedObjectDoesNotExist"}  # broken for good, or the person was erased
    if now - mail.created_at > MAX_AGE or why in final:
        mail.gave_up_at = now
        log.error("mail %s given up after %s attempts: %s", mail.pk, mail.attempts + 1, why)
    else:
        mail.due_at = now + min(timedelta(minutes=2**mail.attempts), LONGEST_WAIT)
        log.warning("mail %s put off, attempt %s: %s", mail.pk, mail.attempts + 1, why)
