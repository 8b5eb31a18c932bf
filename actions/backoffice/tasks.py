"""Work that staff start and need not wait for."""

from django.contrib.auth import get_user_model
from django_tasks import task

from actions.signing import review


@task()
def carry_out(rule_id: int) -> None:
    """Do what was decided about signatures. May be run again: it goes on where it was."""
    review.carry_out(rule_id)


@task()
def undo(rule_id: int, user_id: int) -> None:
    """Undo a decision as a whole. May be run again."""
    review.undo(rule_id, by=get_user_model().objects.get(pk=user_id))
