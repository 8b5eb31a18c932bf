"""Cases: what persons ask for under the law, who they are, by when they get an answer, and what was done."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from actions.rules.errors import ChangeRefused

from . import audit, opened, reminders
from .addresses import signatures_of
from .models import AuditRecord, OpeningReminder, RightsCase, Signature
from .requests import everything

A_MOMENT = timedelta(minutes=1)  # a record takes the time of its transaction, which began before the case was there


def begin(
    *,
    kind: str,
    reference: str,
    received_on: date,
    identity: str,
    by: Any,
    email: str = "",
    signature: Signature | None = None,
) -> RightsCase:
    """Open a case about what an address has signed, or about one signature. The address is looked for and not kept.

    Raises BadAddress and TooManyOpened.
    """
    found = [signature] if signature else [*signatures_of(email), *reminders.of_address(email)]
    with transaction.atomic():
        case = RightsCase.objects.create(
            kind=kind,
            reference=reference,
            received_on=received_on,
            identity=identity,
            signatures=[one.pk for one in found],
            by=by,
        )
        opened.record(audit.Verb.SEARCHED, by=by, number=len(found), purpose=purpose_of(case))
    return case


def purpose_of(case: RightsCase) -> str:
    """What stands in the audit trail for everything that is done for a case."""
    return f"case {case.pk} ({case.reference})"


def open_cases() -> QuerySet[RightsCase]:
    """What waits for an answer, what is due first at the top."""
    return RightsCase.objects.filter(done_at=None).order_by("received_on", "pk")


def signatures(case: RightsCase) -> list[Signature]:
    """What the case is about, as far as it is there, oldest first."""
    rows = Signature.objects.filter(pk__in=case.signatures)
    return list(
        rows.select_related("petition__secret", "signer__consent_text", "restriction", "waiting_erasure").order_by(
            "signed_at"
        )
    )


def reminders_of(case: RightsCase) -> list[OpeningReminder]:
    """Reminders of openings that the case is about, as far as they are there."""
    return list(OpeningReminder.objects.filter(pk__in=case.signatures).select_related("petition__secret"))


def in_doubt(ids: Iterable[UUID]) -> RightsCase | None:
    """An open case about one of these signatures in which it is not known who asks."""
    theirs = open_cases().filter(signatures__overlap=list(ids))
    return next((case for case in theirs if not case.is_sure), None)


def done_in(case: RightsCase) -> list[AuditRecord]:
    """What staff did for a case, oldest first."""
    made = AuditRecord.objects.filter(actor=audit.Actor.STAFF, at__gte=case.opened_at - A_MOMENT)
    return list(made.filter(purpose__startswith=f"case {case.pk} (").order_by("pk"))


def everything_of(case: RightsCase, *, by: Any, language: str = "") -> list[dict[str, Any]]:
    """All we hold of what the case is about. Raises ChangeRefused where it is not known who asks; KeyLost and
    TooManyOpened."""
    if not case.is_sure:
        raise ChangeRefused
    given = {"verb": audit.Verb.DISCLOSED, "by": by, "purpose": purpose_of(case), "language": language}
    about = {name: value for name, value in given.items() if name != "language"}
    return [everything(signature, **given) for signature in signatures(case)] + [
        reminders.everything(one, **about) for one in reminders_of(case)
    ]


def note(case: RightsCase, *, identity: str, extended: bool) -> None:
    """Write down how it was made sure who asks, and that it takes longer."""
    case.identity, case.extended = identity, extended
    case.save(update_fields=["identity", "extended"])


def close(case: RightsCase, *, outcome: str) -> None:
    """The person was answered. Raises ChangeRefused where the case is closed."""
    if not RightsCase.objects.filter(pk=case.pk, done_at=None).update(done_at=timezone.now(), outcome=outcome):
        raise ChangeRefused


def of_case(case: RightsCase, ids: list[UUID]) -> list[UUID]:
    """Those of the ids that the case is about."""
    return [pk for pk in case.signatures if pk in set(ids)]
