"""What a user or a group may do, to compare: nobody gives what he has not, or changes somebody who has more."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet
from wagtail.models import GroupApprovalTask, GroupCollectionPermission, GroupPagePermission, GroupSitePermission

CHANGE_USERS = "home.change_user"
# Rights that lead to names and addresses of signers. Who gets one is the word of two persons.
OPENS_SIGNERS = frozenset(
    {"actions.open_signer", "actions.export_signature", "actions.delete_signer", "actions.add_delivery"}
)
ROOT = "0001"  # path of the root page and of the root collection


class Rights(NamedTuple):
    """Rights everywhere, by `app.codename`; on pages and in collections, by path and codename; for sites, by id."""

    permissions: frozenset[str] = frozenset()
    pages: frozenset[tuple[str, str]] = frozenset()
    collections: frozenset[tuple[str, str]] = frozenset()
    sites: frozenset[tuple[int, str]] = frozenset()
    everything: bool = False

    def cover(self, other: "Rights") -> bool:
        """Whether whoever has these has all of the `other` ones too."""
        if self.everything:
            return True
        return (
            not other.everything
            and other.permissions <= self.permissions
            and other.sites <= self.sites
            and all(_reaches(self.pages, right) for right in other.pages)
            and all(_reaches(self.collections, right) for right in other.collections)
        )

    @property
    def open_signers(self) -> bool:
        return self.everything or not OPENS_SIGNERS.isdisjoint(self.permissions)


def _reaches(held: Iterable[tuple[str, str]], wanted: tuple[str, str]) -> bool:
    """Whether a right on a place is among those `held` there or above it."""
    path, codename = wanted
    return any(codename == name and path.startswith(above) for above, name in held)


def of_user(user: Any) -> Rights:
    """What the account gives, also while it is switched off: it can be switched on again."""
    groups = Group.objects.filter(user=user)
    return _of(groups, Permission.objects.filter(Q(group__in=groups) | Q(user=user)))._replace(
        everything=user.is_superuser
    )


def of_group(group: Group) -> Rights:
    groups = Group.objects.filter(pk=group.pk)
    return _of(groups, Permission.objects.filter(group__in=groups))


def of_permissions(permissions: QuerySet[Permission]) -> frozenset[str]:
    return frozenset(
        f"{app}.{codename}" for app, codename in permissions.values_list("content_type__app_label", "codename")
    )


def _of(groups: QuerySet[Group], permissions: QuerySet[Permission]) -> Rights:
    pages = GroupPagePermission.objects.filter(group__in=groups).values_list("page__path", "permission__codename")
    collections = GroupCollectionPermission.objects.filter(group__in=groups)
    sites = GroupSitePermission.objects.filter(group__in=groups)
    approves = GroupApprovalTask.objects.filter(groups__in=groups).exists()  # which publishes, wherever it is used
    return Rights(
        permissions=of_permissions(permissions),
        pages=frozenset(pages) | ({(ROOT, "publish_page")} if approves else frozenset()),
        collections=frozenset(collections.values_list("collection__path", "permission__codename")),
        sites=frozenset(sites.values_list("site_id", "permission__codename")),
    )


def may_manage(actor: Any, user: Any) -> bool:
    """Whether `actor` may change, switch off or delete the account: it opens nothing that is closed to `actor`."""
    return actor == user or of_user(actor).cover(of_user(user))


def may_give(actor: Any, group: Group) -> bool:
    return of_user(actor).cover(of_group(group))


def groups_to_give(actor: Any) -> QuerySet[Group]:
    """The groups whose rights `actor` has."""
    own = of_user(actor)
    groups = Group.objects.order_by("name")
    return groups if own.everything else groups.filter(pk__in=[g.pk for g in groups if own.cover(of_group(g))])


def administrators() -> QuerySet:
    """Who may change users, superusers too."""
    app, codename = CHANGE_USERS.split(".")
    right = {"content_type__app_label": app, "codename": codename}
    holds = Permission.objects.filter(**right)
    return (
        get_user_model()
        .objects.filter(is_active=True)
        .filter(Q(is_superuser=True) | Q(groups__permissions__in=holds) | Q(user_permissions__in=holds))
        .distinct()
    )
