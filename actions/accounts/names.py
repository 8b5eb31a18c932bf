"""What the people and the forms are called whose ids stand in the audit trail and in alarms: looked up at reading."""

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.utils.translation import gettext
from wagtail.admin.utils import get_user_display_name

from actions.signing.models import Petition

from .models import FormerName

Kind = FormerName.Kind


class Names:
    """Names by id, of as many as are asked for at once."""

    def __init__(self, *, users: Iterable[int | None] = (), forms: Iterable[int | None] = ()) -> None:
        wanted_users, wanted_forms = set(users) - {None}, set(forms) - {None}
        found = get_user_model()._default_manager.filter(pk__in=wanted_users) if wanted_users else ()
        self.users = {user.pk: user for user in found}
        here = Petition.objects.filter(pk__in=wanted_forms).values_list("pk", "name") if wanted_forms else ()
        self.forms = dict(here)
        self.former = {
            **_former(Kind.USER, wanted_users - self.users.keys()),
            **_former(Kind.FORM, wanted_forms - self.forms.keys()),
        }

    def user(self, pk: int) -> str:
        """The name of a user, also of one who is deleted."""
        known = self.users.get(pk)
        return (
            get_user_display_name(known)
            if known
            else self._former(Kind.USER, pk) or gettext("user %(id)s") % {"id": pk}
        )

    def form(self, pk: int) -> str:
        """The name of a signature form, also of one that is deleted."""
        return self.forms.get(pk) or self._former(Kind.FORM, pk) or gettext("form %(id)s") % {"id": pk}

    def _former(self, kind: Kind, pk: int) -> str:
        name = self.former.get((kind, pk))
        return gettext("%(name)s (deleted)") % {"name": name} if name else ""


def _former(kind: Kind, wanted: set) -> dict[tuple[Kind, int], str]:
    rows = FormerName.objects.filter(kind=kind, of__in=wanted).values_list("of", "name") if wanted else ()
    return {(kind, of): name for of, name in rows}


def all_users() -> list[tuple[int, str]]:
    """Id and name of every user, and of those who are deleted, by name: whom the trail may tell of."""
    pks = {*get_user_model()._default_manager.values_list("pk", flat=True), *_gone(Kind.USER)}
    names = Names(users=pks)
    return _by_name((pk, names.user(pk)) for pk in pks)


def all_forms() -> list[tuple[int, str]]:
    """Id and name of every signature form, and of those that are deleted, by name."""
    pks = {*Petition.objects.values_list("pk", flat=True), *_gone(Kind.FORM)}
    names = Names(forms=pks)
    return _by_name((pk, names.form(pk)) for pk in pks)


def _gone(kind: Kind) -> Iterable[int]:
    return FormerName.objects.filter(kind=kind).values_list("of", flat=True)


def _by_name(rows: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    return sorted(rows, key=lambda row: row[1].casefold())


def user_name(pk: int) -> str:
    """The name of one user."""
    return Names(users=[pk]).user(pk)
