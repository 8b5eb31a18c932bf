"""Mails about alarms. Of signing, one for each: to whoever answers for the action, or for the whole site to those who
watch over it. Of accounts and rights, one with all that waits: to those who may change users, and to whom it concerns.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from actions.accounts import rights, watch
from actions.pages import staff_mail
from actions.pages.staff_language import language_of
from actions.signing.models import Alarm

# The rights of those who are told of what no action's responsible answers for.
WATCH = ("actions.view_auditrecord", "actions.change_signingrules")
VIEW = "actions.view_alarm"
LATEST = timedelta(days=7)  # what is older is no news


def send_waiting() -> int:
    """Tell of the alarms of signing that nobody was told of; returns how many mails went out."""
    sent = 0
    waiting = Alarm.objects.waiting().exclude(kind__in=Alarm.ABOUT_ACCOUNTS)
    for alarm in waiting.filter(raised_at__gt=timezone.now() - LATEST).select_related("petition__responsible"):
        told = list(_told(alarm))
        for user in told:
            with translation.override(language_of(user)):
                _send_one(alarm, user)
        if told:
            Alarm.objects.filter(pk=alarm.pk).note_mailed()
        sent += len(told)
    return sent


def _told(alarm: Alarm) -> Iterator[Any]:
    """Who is told: of what somebody of staff did, that person too, whose account may be in other hands."""
    if alarm.petition:
        told = {0: alarm.petition.responsible}
    else:
        users = get_user_model().objects
        backend = settings.AUTHENTICATION_BACKENDS[0]
        told = {user.pk: user for right in WATCH for user in users.with_perm(right, backend=backend)}
        if alarm.kind in watch.OF_PEOPLE:
            told |= {user.pk: user for user in users.filter(username=alarm.subject, is_active=True)}
    yield from (user for user in told.values() if user is not None and user.email)


def _send_one(alarm: Alarm, user: Any) -> None:
    of_person = alarm.kind in watch.OF_PEOPLE
    name = alarm.petition.name if alarm.petition else watch.words(alarm) if of_person else gettext("The whole site")
    context = {"alarm": alarm, "subject": name, "of_person": of_person}
    _send(user, alarm, gettext("Unusual: %(name)s") % {"name": name}, "alarm", context)


def send_waiting_of_accounts() -> int:
    """Send one mail with all that waits to each administrator, and to each other person whose account it is.

    Returns how many went out.
    """
    waiting = list(Alarm.objects.waiting().filter(kind__in=Alarm.ABOUT_ACCOUNTS))
    if not waiting:
        return 0
    administrators = list(rights.administrators().exclude(email="").order_by("pk"))
    told = {user.pk for user in administrators}
    of_others = {pk for alarm in waiting if (pk := watch.about(alarm)) and pk not in told}
    others = get_user_model().objects.filter(pk__in=of_others).exclude(email="").order_by("pk")
    for user in (*administrators, *others):
        concerns = waiting if user.pk in told else [alarm for alarm in waiting if watch.about(alarm) == user.pk]
        with translation.override(language_of(user)):
            _send_all(concerns, user)
    Alarm.objects.filter(pk__in=[alarm.pk for alarm in waiting]).note_mailed()
    return len(administrators) + len(others)


def _send_all(alarms: list[Alarm], user: Any) -> None:
    lines = [(alarm.hour, alarm.get_kind_display(), watch.words(alarm), alarm.number) for alarm in alarms]
    _send(user, alarms[-1], gettext("Accounts and rights: look at this"), "accounts", {"lines": lines})


def _send(user: Any, latest: Alarm, subject: str, template: str, context: dict[str, Any]) -> None:
    context["url"] = settings.WAGTAILADMIN_BASE_URL + reverse("alarm:index") if user.has_perm(VIEW) else ""
    body = render_to_string(f"actions/mail/{template}.txt", context)
    staff_mail.send(subject, body, to=[user.email], number=f"alarm-{latest.pk}-{user.pk}")
