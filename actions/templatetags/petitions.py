"""What staff see of a petition beside its page."""

from datetime import datetime

from django import template
from django.utils import timezone

from actions.backoffice import period
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
        **period.end_initial(petition.ends_at),
    }


@register.simple_tag
def moment(written: str | None) -> str:
    """A recorded instant (ISO 8601) as staff read it."""
    return period.moment(datetime.fromisoformat(written) if written else None)
