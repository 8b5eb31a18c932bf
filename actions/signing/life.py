"""Changing when a petition can be signed. Each verb waits for signatures in flight and leaves a record."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from actions.rules.errors import ChangeRefused, Forgotten
from actions.rules.state import State

from .clock import database_now
from .models import Petition, PetitionChange

Verb = PetitionChange.Verb
FIELDS = ("opens_at", "ends_at", "paused")


def close_now(*, petition: Petition, by: Any, reason: str) -> Petition:
    """End an open petition at this instant of the database's clock. Raises ChangeRefused."""
    return _change(petition, Verb.CLOSE, by, reason, {State.OPEN}, lambda now: {"ends_at": now})


def extend(*, petition: Petition, ends_at: datetime | None, by: Any, reason: str) -> Petition:
    """Move the end of a petition that has not ended, later or earlier. Raises ChangeRefused for an end in the past."""
    return _change(
        petition,
        Verb.EXTEND,
        by,
        reason,
        {State.SCHEDULED, State.OPEN},
        lambda now: {"ends_at": _later(ends_at, now)},
    )


def reopen(*, petition: Petition, ends_at: datetime | None, by: Any, reason: str) -> Petition:
    """Open a petition again that has ended. Raises ChangeRefused, and Forgotten where its keys are destroyed."""
    over = {State.ENDED, State.WON, State.DELIVERED}
    if petition.forgotten_at:  # no keys, no salt: nothing could be sealed, and everybody could sign twice
        raise Forgotten
    return _change(petition, Verb.REOPEN, by, reason, over, lambda now: {"ends_at": _later(ends_at, now)})


def pause(*, petition: Petition, by: Any, reason: str) -> Petition:
    """Stop taking signatures for a while. The end stays what it was."""
    return _change(petition, Verb.PAUSE, by, reason, {State.SCHEDULED, State.OPEN}, lambda now: {"paused": True})


def resume(*, petition: Petition, by: Any, reason: str) -> Petition:
    return _change(petition, Verb.RESUME, by, reason, set(State), lambda now: {"paused": False})


def _later(ends_at: datetime | None, now: datetime) -> datetime | None:
    if ends_at is not None and ends_at <= now:
        raise ChangeRefused
    return ends_at


def _change(
    petition: Petition,
    verb: Verb,
    by: Any,
    reason: str,
    allowed: set[State],
    new_values: Callable[[datetime], dict[str, Any]],
) -> Petition:
    with transaction.atomic():
        # For update, not only for no-key-update: it waits for the key-share locks of signatures in flight.
        locked = Petition.objects.select_for_update().get(pk=petition.pk)
        now = database_now()
        if locked.state(now) not in allowed:
            raise ChangeRefused
        before = _snapshot(locked)
        for field, value in new_values(now).items():
            setattr(locked, field, value)
        locked.save(update_fields=FIELDS)
        PetitionChange.objects.create(
            petition=locked, verb=verb, reason=reason, by=by, before=before, after=_snapshot(locked)
        )
    return locked


def _snapshot(petition: Petition) -> dict[str, Any]:
    values = {field: getattr(petition, field) for field in FIELDS}
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in values.items()}
