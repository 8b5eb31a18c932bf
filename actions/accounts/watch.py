"""What administrators are told of accounts: each change of rights, and what looks like somebody trying keys."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.utils import get_user_display_name

from actions.rules.alarm import failed_log_ins_are_many
from actions.signing import audit
from actions.signing.models import Alarm, AuditRecord

from . import names
from .roles import in_words

Verb = AuditRecord.Verb
LOOKED_BACK = timedelta(days=2)  # as long as the regular work may have stood still
KINDS = {
    Verb.SUPERUSER_MADE: Alarm.Kind.SUPERUSER,
    Verb.FACTOR_REMOVED: Alarm.Kind.FACTOR,
    **dict.fromkeys(
        [
            *(Verb.ROLE_ASKED, Verb.ROLE_GIVEN, Verb.ROLE_TAKEN, Verb.RIGHT_GIVEN, Verb.RIGHT_TAKEN),
            *(Verb.SUPERUSER_TAKEN, Verb.USER_ON, Verb.USER_OFF, Verb.USER_DELETED),
            *(Verb.GROUP_CHANGED, Verb.GROUP_DELETED),
        ],
        Alarm.Kind.RIGHTS,
    ),
}

OF_PEOPLE = (
    Alarm.Kind.NAMES,
    Alarm.Kind.NAMES_LIMIT,
    Alarm.Kind.EXPORTS,
    Alarm.Kind.CLAIM,
)  # their subject is a user name


def look(now: datetime) -> list[Alarm]:
    """Raise the alarms about accounts that were not raised before; returns the new ones."""
    return [*_changes(now), *_failed_log_ins(now)]


def _changes(now: datetime) -> list[Alarm]:
    """Of each change of rights since somebody logged in for the first time: before, the site is being set up."""
    first = AuditRecord.objects.filter(verb=Verb.LOGGED_IN).order_by("at").values_list("at", flat=True).first()
    if first is None:
        return []
    records = AuditRecord.objects.filter(at__gt=first, at__gte=now - LOOKED_BACK, verb__in=list(KINDS)).order_by("id")
    new = []
    for record in records:
        subject = "|".join([record.verb, _by(record), str(record.account_id or ""), record.purpose])
        new += Alarm.objects.raise_once(KINDS[Verb(record.verb)], subject=subject, number=1, hour=record.at)
    return new


def _by(record: AuditRecord) -> str:
    return str(record.actor_id) if record.actor == audit.Actor.STAFF else record.actor


def _failed_log_ins(now: datetime) -> list[Alarm]:
    hour = now.replace(minute=0, second=0, microsecond=0)
    failed = AuditRecord.objects.filter(at__gte=hour, verb__in=[Verb.LOGIN_FAILED, Verb.FACTOR_FAILED]).order_by()
    new: list[Alarm] = []
    for account, number in failed.exclude(account_id=None).values_list("account_id").annotate(Count("id")):
        if failed_log_ins_are_many(of_one=number):
            new += Alarm.objects.raise_once(Alarm.Kind.LOGINS, subject=str(account), number=number, hour=hour)
    if failed_log_ins_are_many(of_all=(number := failed.count())):
        new += Alarm.objects.raise_once(Alarm.Kind.LOGINS, number=number, hour=hour)
    return new


def about(alarm: Alarm) -> int | None:
    """The id of the user an alarm is about, who is told of it too."""
    parts = alarm.subject.split("|", 3)
    of_user = parts[2] if len(parts) == 4 else alarm.subject
    return int(of_user) if of_user.isdigit() and alarm.kind in Alarm.ABOUT_ACCOUNTS else None


def people_in(alarm: Alarm) -> set[int]:
    """The ids of the users that `words` names."""
    parts = alarm.subject.split("|", 3) if alarm.kind in KINDS.values() else []
    found = {int(part) for part in parts[1:3] if part.isdigit()}
    return found | ({pk} if (pk := about(alarm)) else set())


# What is said of the membership system (actions/signing/members, actions/delivery/retention.py); or what it answered.
OF_MEMBERS: dict[str, str | Promise] = {
    "given up": _("an event was given up"),
    "token": _("many wrong tokens"),
    "KeyLost": _("a master key is missing"),
    "forgotten soon": _("people it has not taken are forgotten within a week"),
    "forgotten untold": _("people it had not taken were forgotten"),
}


def words(alarm: Alarm, name: Callable[[int], str] = names.user_name) -> str:
    """What an alarm is about, for people; `name` says who a user is."""
    of_user = about(alarm)
    if alarm.kind == Alarm.Kind.MEMBERS:
        return str(OF_MEMBERS.get(alarm.subject, alarm.subject))
    if alarm.kind in OF_PEOPLE:
        user = get_user_model()._default_manager.filter(username=alarm.subject).first()
        return get_user_display_name(user) if user else alarm.subject
    if alarm.kind not in KINDS.values():
        return name(of_user) if of_user else alarm.subject
    verb, by, _account, purpose = (*alarm.subject.split("|", 3), "", "", "")[:4]
    who = name(int(by)) if by.isdigit() else str(dict(AuditRecord.Actor.choices).get(by, by))
    what = str(dict(Verb.choices).get(verb, verb))
    whom = ", ".join(part for part in (name(of_user) if of_user else "", in_words(purpose)) if part)
    return gettext("%(what)s (%(whom)s), by %(who)s") % {"what": what, "whom": whom, "who": who}
