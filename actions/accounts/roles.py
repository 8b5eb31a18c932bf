"""Giving roles. One that opens signers' data takes two persons: one proposes, another who has its rights confirms."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models.functions import Now

from actions.signing import audit

from . import rights
from .models import ProposedRole

SUPERUSER = None  # in place of a group


def needs_two(group: Group | None) -> bool:
    return group is SUPERUSER or rights.of_group(group).open_signers


def give(*, user: Any, groups: Iterable[Group | None], by: Any) -> list[ProposedRole]:
    """Give the groups, or propose those that take two; returns what waits. `by` has the rights of all of them.

    Where there is nobody else who could confirm, a superuser's word holds at once; the trail and a mail tell of it.
    """
    waiting = []
    with transaction.atomic():
        for group in groups:
            if _has(user, group):
                continue
            if needs_two(group) and not (by.is_superuser and not _others(user, group, by)):
                waiting.append(_propose(user, group, by))
            else:
                _put_in(user, group)
    return waiting


def _propose(user: Any, group: Group | None, by: Any) -> ProposedRole:
    proposal, is_new = ProposedRole.objects.get_or_create(
        user=user, group=group, decided_at=None, defaults={"asked_by": by}
    )
    if is_new:
        audit.record(audit.Verb.ROLE_ASKED, by=by, account=user.pk, purpose=_name(group))
    return proposal


def decide(proposal: ProposedRole, *, confirmed: bool, by: Any) -> bool:
    """Confirm or refuse what waits; returns whether it was still there to decide. `by` is one who `may_decide`."""
    with transaction.atomic():
        decided = ProposedRole.objects.filter(pk=proposal.pk, decided_at=None)
        if not decided.update(decided_at=Now(), decided_by=by, confirmed=confirmed):
            return False
        verb = audit.Verb.ROLE_CONFIRMED if confirmed else audit.Verb.ROLE_REFUSED
        audit.record(verb, by=by, account=proposal.user_id, purpose=_name(proposal.group))
        if confirmed:
            _put_in(proposal.user, proposal.group)
    return True


def withdraw(*, user: Any, by: Any) -> None:
    """Refuse whatever waits for the user: the account is no longer what was proposed for it."""
    for proposal in ProposedRole.objects.filter(user=user, decided_at=None).select_related("group"):
        decide(proposal, confirmed=False, by=by)


def may_decide(proposal: ProposedRole, by: Any) -> bool:
    """Another than who proposed it and whom it is for, who could give it."""
    return by.pk != proposal.asked_by_id and _may(by, proposal.user, proposal.group)


def may_withdraw(proposal: ProposedRole, by: Any) -> bool:
    """Whoever proposed it may take it back."""
    return by.pk == proposal.asked_by_id


def _may(by: Any, user: Any, group: Group | None) -> bool:
    if by == user or not by.has_perm(rights.CHANGE_USERS) or not rights.may_manage(by, user):
        return False
    return by.is_superuser if group is SUPERUSER else rights.may_give(by, group)


def _others(user: Any, group: Group | None, by: Any) -> bool:
    return any(_may(other, user, group) for other in rights.administrators().exclude(pk=by.pk))


def _has(user: Any, group: Group | None) -> bool:
    return user.is_superuser if group is SUPERUSER else user.groups.filter(pk=group.pk).exists()


def _put_in(user: Any, group: Group | None) -> None:
    if group is SUPERUSER:
        user.is_superuser = True
        user.save(update_fields=["is_superuser"])
    else:
        user.groups.add(group)


def _name(group: Group | None) -> str:
    return "superuser" if group is SUPERUSER else group.name
