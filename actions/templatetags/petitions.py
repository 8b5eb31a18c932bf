"""What staff see of a petition beside its page."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format

from actions.backoffice.period import end_initial
from actions.signing.counting import total

register = template.Library()


@register.simple_tag
def petition_facts(petition) -> dict:
    """State, total, end and deliveries of a petition, for the panel on the action page."""
    now = timezone.now()
    return {
        "state": petition.state(now, delivered=petition.deliveries.exists()),
        "total": total(petition),
        "goal": petition.goal,
        "is_open": petition.can_be_signed(now),
        **end_initial(petition.ends_at),
    }


@register.simple_tag
def moment(written: str | None) -> str:
    """A recorded instant (ISO 8601) as people read it."""
    return date_format(timezone.localtime(datetime.fromisoformat(written)), "DATETIME_FORMAT") if written else "–"
