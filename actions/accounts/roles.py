"""Giving roles. One that opens signers' data takes two persons: one proposes, another who has its rights confirms."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from actions.signing import audit

from . import rights
from .models import ProposedRole

SUPERUSER = None  # in place of a group
# The groups that the site comes with are found by these names, and shown in the words of whoever reads.
WORDS = {
    "Editor": gettext_lazy("Editor"),
    "Publisher": gettext_lazy("Publisher"),
    "Translator": gettext_lazy("Translator"),
    "Signature officer": gettext_lazy("Signature officer"),
    "Data-protection officer": gettext_lazy("Data-protection officer"),
    "Administrator": gettext_lazy("Administrator"),
    "superuser": gettext_lazy("Superuser"),
}


class Given(NamedTuple):
    """What became of roles that take two persons: those that wait, and those that one person's word was enough for."""

    waiting: list[ProposedRole]
    alone: list[str]


def in_words(name: str) -> str:
    """The name of a role for people; a group that somebody made is called what it was called."""
    return str(WORDS.get(name, name))


def label(group: Group | None) -> str:
    """The name of a group for people, or of being superuser."""
    return in_words(_name(group))


def needs_two(group: Group | None) -> bool:
    return group is SUPERUSER or rights.of_group(group).open_signers


def give(*, user: Any, groups: Iterable[Group | None], by: Any) -> Given:
    """Give the groups, or propose those that take two; returns what became of these. `by` has the rights of them all.

    Where there is nobody else who could confirm, a superuser's word holds at once; the trail and a mail tell of it.
    """
    given = Given([], [])
    with transaction.atomic():
        for group in groups:
            if _has(user, group):
                continue
            two = needs_two(group)
            if two and not (by.is_superuser and not _others(user, group, by)):
                given.waiting.append(_propose(user, group, by))
                continue
            _put_in(user, group)
            if two:
                given.alone.append(label(group))
    return given


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


def who_may_decide(proposal: ProposedRole) -> list[Any]:
    """Everybody who could confirm it."""
    return [user for user in rights.administrators() if may_decide(proposal, user)]


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
