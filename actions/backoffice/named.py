"""Columns that say who and which, with the way there, where a record holds ids: the audit trail and the alarms."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from actions.accounts import rights
from actions.accounts.names import Names
from actions.accounts.roles import in_words
from actions.signing import audit
from actions.signing.copies import LABELS
from actions.signing.models import AuditRecord, Consent, ConsentRecord, Export, OutboxMail


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


# What is written into the trail for a case, a breach or an export (`cases`, `incidents`, `exporting`).
CASE = re.compile(r"case (?P<number>\d+) \((?P<reference>.*?)\)(?:: (?P<what>.*)| \((?P<receipt>.*)\))?", re.S)
BREACH = re.compile(r"breach (?P<number>\d+)")
FILE = re.compile(rf"(?P<use>{'|'.join(Export.Use.values)}): (?P<purpose>.*)", re.S)
DELIVERY = re.compile(r"delivery (?P<number>\d+), (?P<field>day|place|recipients): (?P<change>.*)", re.S)
OF_DELIVERIES = {"day": _("day of the hand-over"), "place": _("place"), "recipients": _("recipients")}
# Of signers, by the link in a mail: consents, and how they ended, or that they were given.
CONSENTS = re.compile(r"(?P<which>[a-z_]+(?:, [a-z_]+)*): (?P<way>given|link|one_click|provider)")
CALLED = LABELS | dict(Consent.choices)
OF_FILES = {audit.Verb.EXPORT_ASKED, audit.Verb.EXPORTED}


def why(record: AuditRecord) -> str:
    """The purpose; roles, cases, breaches, uses and mails in the words of whoever reads."""
    if found := BREACH.fullmatch(record.purpose):
        return gettext("breach %(number)s") % found.groupdict()
    if found := CASE.fullmatch(record.purpose):
        told = gettext("case %(number)s (%(reference)s)") % found.groupdict()
        what, receipt = found["what"], found["receipt"]
        return f"{told}: {_done(what)}" if what else f"{told}, {receipt}" if receipt else told
    if found := DELIVERY.fullmatch(record.purpose):
        told = found.groupdict() | {"field": OF_DELIVERIES[found["field"]]}
        return gettext("delivery %(number)s, %(field)s: %(change)s") % told
    if record.verb == audit.Verb.CONSENT and (found := CONSENTS.fullmatch(record.purpose)):
        which = _done(found["which"])
        if found["way"] == "given":
            return gettext("given: %(what)s") % {"what": which}
        return gettext("ended: %(what)s (%(way)s)") % {"what": which, "way": ConsentRecord.Way(found["way"]).label}
    if record.verb == audit.Verb.LEGAL_HOLD:
        told = gettext("deletion stopped: %(why)s") if record.number else gettext("deletion allowed again: %(why)s")
        return told % {"why": record.purpose}
    if record.verb in OF_FILES and (found := FILE.fullmatch(record.purpose)):
        return f"{Export.Use(found['use']).label}: {found['purpose']}"
    if record.verb == audit.Verb.MAILED and record.purpose in OutboxMail.Kind.values:
        return str(OutboxMail.Kind(record.purpose).label)
    return in_words(record.purpose)


def _done(what: str) -> str:
    """What was done for a case: consents that ended, or fields that were corrected."""
    ended = what.removeprefix("ended ")
    words = ", ".join(str(CALLED.get(one, one)) for one in ended.split(", "))
    return words if ended == what else gettext("ended: %(what)s") % {"what": words}
