"""Actions that ended some months ago and do not tell what came of it (A14)."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from .action import ActionPage

AFTER = timedelta(days=120)
AT_MOST = timedelta(days=3 * 365)  # older ones were left without on purpose, or were never here


def without_outcome(now: datetime) -> QuerySet[ActionPage]:
    """Published pages, the oldest end first."""
    ended = {"petition__ends_at__lt": now - AFTER, "petition__ends_at__gt": now - AT_MOST}
    pages = ActionPage.objects.filter(live=True, outcome="", **ended)
    return pages.select_related("petition__responsible", "locale").order_by("petition__ends_at", "pk")
