"""What staff set while the site runs. Read often, so kept some seconds in the process; pauses the database decides."""

import time
from typing import Any

from django.db import transaction

from . import audit
from .models import SigningRules

KEPT_SECONDS = 5.0


_kept: tuple[float, SigningRules] | None = None


def rules() -> SigningRules:
    """The rules as they are now; the defaults where nobody has set any."""
    return SigningRules.objects.filter(pk=1).first() or SigningRules(pk=1)


def current() -> SigningRules:
    """The rules, at most KEPT_SECONDS old."""
    global _kept
    if _kept is None or time.monotonic() - _kept[0] > KEPT_SECONDS:
        _kept = time.monotonic(), rules()
    return _kept[1]


def forget_kept() -> None:
    """Let the next reader ask the database."""
    global _kept
    _kept = None


def change(new: SigningRules, *, by: Any, reason: str) -> None:
    """Put the rules in force, and leave a record of what they were and are."""
    with transaction.atomic():
        before = SigningRules.objects.select_for_update().filter(pk=1).first() or SigningRules(pk=1)
        new.pk = 1
        fields = [field.attname for field in SigningRules._meta.concrete_fields if not field.primary_key]
        changed = [f for f in fields if getattr(before, f) != getattr(new, f)]
        told = ", ".join(f"{f}: {getattr(before, f)} → {getattr(new, f)}" for f in changed)
        new.save()
        audit.record(audit.Verb.LIMITS, by=by, purpose=f"{reason}: {told}")
    forget_kept()
