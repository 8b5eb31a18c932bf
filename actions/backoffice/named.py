"""Columns that say who and which, with the way there, where a record holds ids: the audit trail and the alarms."""

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.ui.tables import Column

from actions.accounts import rights
from actions.accounts.names import Names
from actions.accounts.roles import in_words
from actions.signing import audit
from actions.signing.models import AuditRecord


class Known:
    """Names of one list, and where they lead whoever reads it."""

    def __init__(self, reader: Any, *, users: Iterable[int | None], forms: Iterable[int | None] = ()) -> None:
        self.reader, self.names = reader, Names(users=users, forms=forms)
        self.opens: dict[int, bool] = {}

    def user(self, pk: int | None) -> SafeString | str:
        if pk is None:
            return ""
        url = reverse("wagtailusers_users:edit", args=[pk]) if self._may_open(pk) else ""
        return _linked(url, self.names.user(pk))

    def form(self, pk: int | None) -> SafeString | str:
        if pk is None:
            return ""
        opens = pk in self.names.forms and self.reader.has_perm("actions.view_petition")
        return _linked(reverse("petition:desk", args=[pk]) if opens else "", self.names.form(pk))

    def _may_open(self, pk: int) -> bool:
        if pk not in self.opens:
            user = self.names.users.get(pk)
            may_change = user is not None and self.reader.has_perm(rights.CHANGE_USERS)
            self.opens[pk] = may_change and rights.may_manage(self.reader, user)
        return self.opens[pk]


def _linked(url: str, words: str) -> SafeString | str:
    return format_html('<a href="{}">{}</a>', url, words) if url else words


class NamedColumn(Column):
    """A cell whose words need what is known of the whole list: `told(known, row)`."""

    def __init__(self, name: str, *, label: Any, told: Callable[[Known, Any], Any]) -> None:
        super().__init__(name, label=label)
        self.told = told

    def get_value(self, instance: Any) -> Any:
        return self.told(instance.known, instance)


def who(record: AuditRecord, names: Names) -> str:
    """Who did what a record tells of: a person's name, or what acted by itself."""
    if record.actor == audit.Actor.STAFF and record.actor_id is not None:
        return names.user(record.actor_id)
    return record.get_actor_display()


def why(record: AuditRecord) -> str:
    """The purpose; a role in the words of whoever reads."""
    return in_words(record.purpose)
