"""Forgetting the signers of a petition when their time is over: in batches, so that whatever stops it, it goes on.

Whose data is restricted (art. 18), or who waits for an answer in a case, is spared until that is over: the law keeps
the data for that person then, and the key and the salt stay as long as one is left.
"""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from actions.rules.errors import ChangeRefused

from . import audit, erase, files, keys
from .models import (
    Alarm,
    Hold,
    OpeningReminder,
    OutboxMail,
    Petition,
    PublicName,
    ReviewRule,
    ReviewRuleItem,
    RightsCase,
    Signature,
    Signer,
    SignerLink,
    SignerRequest,
    WaitingErasure,
)

BATCH = 1000

# All that leads to a person, besides the signer itself. `signature` names the reference in each.
TRACES = (PublicName, Hold, SignerRequest, OutboxMail, SignerLink, WaitingErasure)

TYPED = ["name_pattern", "domain"]  # of `review.Criteria`
HOLD = ["legal_hold", "hold_reason", "hold_until", "hold_ground"]


class Spared(NamedTuple):
    """How many signers wait though their time is over, and why: each is counted once."""

    restricted: int
    in_cases: int

    @property
    def number(self) -> int:
        return self.restricted + self.in_cases


def _in_cases() -> list[UUID]:
    """Signatures that an open case is about. Of open cases there are few."""
    return [pk for case in RightsCase.objects.filter(done_at=None) for pk in case.signatures]


def _spared(petition: Petition) -> QuerySet[Signature]:
    theirs = Signature.objects.filter(petition=petition, signer__isnull=False)
    return theirs.filter(Q(restriction__isnull=False) | Q(pk__in=_in_cases()))


def spared(petition: Petition) -> Spared:
    """Who is kept when the others are forgotten."""
    found = _spared(petition)
    restricted = found.filter(restriction__isnull=False).count()
    return Spared(restricted, found.count() - restricted)


def forget(*, petition: Petition, by: Any = None, purpose: str = "retention") -> int:
    """Delete everything personal of a petition, then its key and salt; totals, tallies and funnel stay.

    Who is spared stays, and so do key and salt meanwhile: the next call goes on. Returns how many signers were deleted
    by this call. Raises ChangeRefused under a legal hold. May be stopped at any moment and called again.
    """
    deleted, last = 0, None
    while batch := _batch(petition, last, by, purpose):
        deleted, last = deleted + len(batch), batch[-1]
    with transaction.atomic():
        locked = Petition.objects.select_for_update().get(pk=petition.pk)
        if locked.legal_hold:
            raise ChangeRefused
        kept = list(_spared(petition).values_list("pk", flat=True))
        # One that came in behind the cursor, by an import that began before the end.
        Signer.objects.filter(signature__petition=petition).exclude(pk__in=kept).delete()
        theirs = Signature.objects.filter(petition=petition).exclude(pk__in=kept)
        theirs.filter(state__in=["awaiting", "held"]).update(state="withdrawn")
        for model in TRACES:
            model._default_manager.filter(signature__petition=petition).exclude(signature__in=kept).delete()
        OpeningReminder.objects.filter(petition=petition).delete()
        ReviewRuleItem.objects.filter(rule__petition=petition).delete()
        # What staff looked for may be a name.
        for rule in ReviewRule.objects.filter(petition=petition, criteria__has_any_keys=["name_pattern", "domain"]):
            rule.criteria = {
                key: value for key, value in rule.criteria.items() if key not in ("name_pattern", "domain")
            }
            rule.save(update_fields=["criteria"])
        files.drop(petition.pk, why="forgotten")
        if not kept:
            keys.destroy(petition, by=by, purpose=purpose)
    return deleted


def _batch(petition: Petition, after: UUID | None, by: Any, purpose: str) -> list[UUID]:
    """Delete the next signers after an id. The cursor spares each batch the way through what others have deleted."""
    with transaction.atomic():
        # For no key update: a legal hold set meanwhile waits, or is seen.
        if Petition.objects.select_for_update(no_key=True).get(pk=petition.pk).legal_hold:
            raise ChangeRefused
        rows = Signature.objects.filter(petition=petition, signer__isnull=False, restriction=None)
        rows = rows.exclude(pk__in=_in_cases()).order_by("pk")
        if after:  # Both tables are told, or the database goes through one of them from its beginning.
            rows = rows.filter(pk__gt=after, signer__pk__gt=after)
        ids = list(rows.values_list("pk", flat=True)[:BATCH])
        if ids:
            Signer.objects.filter(pk__in=ids).delete()
            audit.record(audit.Verb.FORGOTTEN, by=by, petition=petition.pk, number=len(ids), purpose=purpose)
    return ids


def set_legal_hold(*, petition: Petition, by: Any, reason: str, until: date, ground: Petition.HoldGround) -> None:
    """Stop the deletion of a petition's signers, on a ground that its notice tells, and say when to look at it again.

    Set once more, the newer reason, ground and day hold. Who and why is recorded. Raises ChangeRefused where they are
    forgotten.
    """
    with transaction.atomic():
        locked = Petition.objects.select_for_update().get(pk=petition.pk)
        if locked.forgotten_at:
            raise ChangeRefused
        locked.legal_hold, locked.hold_reason, locked.hold_until, locked.hold_ground = True, reason, until, ground
        locked.save(update_fields=HOLD)
        audit.record(audit.Verb.LEGAL_HOLD, by=by, petition=petition.pk, number=1, purpose=reason)


def lift_legal_hold(*, petition: Petition, by: Any, reason: str) -> int:
    """Let the deletion go on, and erase at once who asked for it meanwhile; returns how many.

    Raises ChangeRefused where there is no hold.
    """
    with transaction.atomic():
        locked = Petition.objects.select_for_update().get(pk=petition.pk)
        if not locked.legal_hold:
            raise ChangeRefused
        locked.legal_hold, locked.hold_reason, locked.hold_until, locked.hold_ground = False, "", None, ""
        locked.save(update_fields=HOLD)
        audit.record(audit.Verb.LEGAL_HOLD, by=by, petition=petition.pk, number=0, purpose=reason)
        return erase.erase_waiting(petition=petition, by=by)


def look_at_holds(now: datetime) -> list[Alarm]:
    """Raise an alarm, once a day, for each legal hold that was to be looked at again by now, or that erasures wait for
    though it is not there: a restored backup from before it knows nothing of it."""
    today = timezone.localdate(now)
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    due = Q(legal_hold=True, hold_until__lte=today)
    lost = Q(legal_hold=False, pk__in=WaitingErasure.objects.values("signature__petition"))
    return [
        alarm
        for petition in Petition.objects.filter(due | lost)
        for alarm in Alarm.objects.raise_once(
            Alarm.Kind.HOLD,
            petition=petition,
            number=(today - petition.hold_until).days if petition.hold_until else 0,
            hour=day,
        )
    ]
