"""One mail for each alarm: to whoever answers for the action, or for the whole site to those who watch over it.

Alarms about accounts have mails of their own (account_alarm_mail.py).
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from actions.pages.staff_language import language_of
from actions.signing.models import Alarm

# The rights of those who are told of what no action's responsible answers for.
WATCH = ("actions.view_auditrecord", "actions.change_signingrules")
OF_PEOPLE = (Alarm.Kind.NAMES, Alarm.Kind.NAMES_LIMIT, Alarm.Kind.EXPORTS)  # their subject is somebody of staff
LATEST = timedelta(days=7)  # what is older is no news


def send_waiting() -> int:
    """Tell of the alarms nobody was told of; returns how many mails went out."""
    sent = 0
    waiting = Alarm.objects.filter(mailed_at=None, raised_at__gt=timezone.now() - LATEST)
    waiting = waiting.exclude(kind__in=Alarm.ABOUT_ACCOUNTS)
    for alarm in waiting.select_related("petition__responsible").order_by("pk"):
        told = list(_told(alarm))
        for user in told:
            _send(alarm, user)
        if told:
            Alarm.objects.filter(pk=alarm.pk).update(mailed_at=timezone.now())
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
        if alarm.kind in OF_PEOPLE:
            told |= {user.pk: user for user in users.filter(username=alarm.subject, is_active=True)}
    yield from (user for user in told.values() if user is not None and user.email)


def _send(alarm: Alarm, user: Any) -> None:
    with translation.override(language_of(user)):
        of_person = alarm.kind in OF_PEOPLE
        subject = alarm.petition.name if alarm.petition else alarm.subject if of_person else gettext("The whole site")
        context = {
            "alarm": alarm,
            "subject": subject,
            "of_person": of_person,
            "url": settings.WAGTAILADMIN_BASE_URL + reverse("alarm:index"),
        }
        EmailMessage(
            subject=gettext("Unusual: %(name)s") % {"name": subject},
            body=render_to_string("actions/mail/alarm.txt", context),
            to=[user.email],
            headers={"Message-ID": f"<alarm-{alarm.pk}-{user.pk}@actions>"},
        ).send()
