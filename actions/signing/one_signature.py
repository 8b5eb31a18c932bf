"""One signature, as staff deal with it: found by its address, counted or taken out, and asked to confirm again.

Contact is ended and a person erased in a case (`cases`), which may be about one signature alone.
"""

from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from actions.rules.errors import ChangeRefused

from . import audit, cases, links, opened
from .addresses import signatures_of
from .models import AuditRecord, OutboxMail, ReviewRule, Signature, WaitingErasure
from .review import Criteria, Verb, candidates

VERBS = (Verb.COUNT, Verb.INVALIDATE)  # what can be decided about one


class Facts(NamedTuple):
    """What staff see of one signature; nothing of it names anybody."""

    may: list[Verb]
    may_send_again: bool
    mails: QuerySet[OutboxMail]
    decisions: QuerySet[ReviewRule]
    asked_again: QuerySet[AuditRecord]


def find(*, email: str, by: Any, purpose: str) -> list[Signature]:
    """The signatures of an address in every form, oldest first; looking is recorded.

    Raises BadAddress, WrongSecret, TooManyOpened, and ChangeRefused while a case about the address is open in which it
    is not known who asks.
    """
    found = signatures_of(email)
    opened.record(audit.Verb.SEARCHED, by=by, number=len(found), purpose=purpose)
    if cases.in_doubt(signature.pk for signature in found):
        raise ChangeRefused
    return found


def about(signature: Signature) -> Facts:
    """What can be done with a signature, what was mailed about it, and what was decided."""
    criteria = Criteria(ids=(str(signature.pk),))
    return Facts(
        may=[verb for verb in VERBS if candidates(signature.petition, verb, criteria).exists()],
        may_send_again=may_send_again(signature),
        mails=OutboxMail.objects.filter(signature=signature).order_by("created_at"),
        decisions=ReviewRule.objects.filter(items__signature=signature).select_related("by"),
        asked_again=AuditRecord.objects.filter(verb=audit.Verb.SENT_AGAIN, signature_id=signature.pk).order_by("at"),
    )


def may_send_again(signature: Signature) -> bool:
    """Whether a request to confirm would change anything: it waits, its form is open, and we may write to its owner."""
    return (
        signature.state in (Signature.State.AWAITING, Signature.State.HELD)
        and hasattr(signature, "signer")
        and not hasattr(signature, "restriction")
        and not links.is_blocked(signature)
        and not WaitingErasure.objects.filter(pk=signature.pk).exists()
        and not OutboxMail.objects.filter(signature=signature, gave_up_why="not wanted").exists()
        and signature.petition.can_be_signed(timezone.now())
    )


def send_again(signature: Signature, *, by: Any, purpose: str) -> bool:
    """Let the request to confirm be mailed once more, with a new link and code; those of before stay good.

    The limits of mails to an address hold for it too. Returns False where it waits to be sent already. Raises
    ChangeRefused.
    """
    if not may_send_again(signature):
        raise ChangeRefused
    kind = OutboxMail.Kind.CODE if signature.petition.high_risk else OutboxMail.Kind.CONFIRM
    with transaction.atomic():
        mails = OutboxMail.objects.select_for_update().filter(signature=signature, kind=kind)
        if mails.filter(sent_at=None, gave_up_at=None).exists():
            return False
        now = timezone.now()
        anew: dict[str, Any] = {"sent_at": None, "gave_up_at": None, "gave_up_why": "", "bounced_at": None}
        anew |= {"attempts": 0, "created_at": now, "due_at": now}
        if not mails.update(**anew):
            OutboxMail.objects.create(signature=signature, kind=kind)
        audit.record(
            audit.Verb.SENT_AGAIN, by=by, petition=signature.petition_id, signature=signature.pk, purpose=purpose
        )
    return True
