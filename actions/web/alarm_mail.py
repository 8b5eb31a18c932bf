"""One mail for each alarm, to whoever answers for the action; about the whole site to whoever may change its limits."""

from collections.abc import Iterable
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

LATEST = timedelta(days=7)  # what is older is no news

def send_waiting() -> int:
    """Tell about alarms that nobody was told of; returns how many mails went out."""
    sent = 0
    waiting = Alarm.objects.filter(mailed_at=None, raised_at__gt=timezone.now() - LATEST).order_by("pk")
    for alarm in waiting.select_related("petition__responsible"):
        told = [person for person in _answering(alarm) if person is not None and person.email]
        for number, person in enumerate(told):
            _send(alarm, person, number)
        if told:
            Alarm.objects.filter(pk=alarm.pk).update(mailed_at=timezone.now())
        sent += len(told)
    return sent


def _answering(alarm: Alarm) -> Iterable[Any]:
    if alarm.petition is not None:
        return [alarm.petition.responsible]
    model_backend = "django.contrib.auth.backends.ModelBackend"
    return get_user_model()._default_manager.with_perm("actions.change_signingrules", backend=model_backend)


def _send(alarm: Alarm, person: Any, number: int) -> None:
    with translation.override(language_of(person)):
        name = alarm.petition.name if alarm.petition else settings.WAGTAIL_SITE_NAME
        context = {"alarm": alarm, "name": name, "url": settings.WAGTAILADMIN_BASE_URL + reverse("alarm:index")}
        EmailMessage(
            subject=gettext("Unusual: %(name)s") % {"name": name},
            body=render_to_string("actions/mail/alarm.txt", context),
            to=[person.email],
            headers={"Message-ID": f"<alarm-{alarm.pk}{f'-{number}' if number else ''}@actions>"},
        ).send()
