"""Mails about alarms of accounts and rights, to everybody who may change users and to whom it concerns."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from actions.accounts import rights, watch
from actions.pages.staff_language import language_of
from actions.signing.models import Alarm


def send_waiting() -> int:
    """Send one mail with all that waits to each administrator, and to each other person whose account it is.

    Returns how many went out.
    """
    waiting = list(Alarm.objects.filter(mailed_at=None, kind__in=Alarm.ABOUT_ACCOUNTS).order_by("pk"))
    if not waiting:
        return 0
    administrators = list(rights.administrators().exclude(email="").order_by("pk"))
    told = {user.pk for user in administrators}
    of_others = {pk for alarm in waiting if (pk := watch.about(alarm)) and pk not in told}
    others = get_user_model().objects.filter(pk__in=of_others).exclude(email="").order_by("pk")
    for user in administrators:
        _tell(user, waiting)
    for user in others:
        _tell(user, [alarm for alarm in waiting if watch.about(alarm) == user.pk])
    Alarm.objects.filter(pk__in=[alarm.pk for alarm in waiting]).update(mailed_at=timezone.now())
    return len(administrators) + len(others)


def _tell(user: Any, alarms: list[Alarm]) -> None:
    with translation.override(language_of(user)):
        lines = [(alarm.hour, alarm.get_kind_display(), watch.words(alarm, _name), alarm.number) for alarm in alarms]
        context = {"lines": lines, "url": settings.WAGTAILADMIN_BASE_URL + reverse("alarm:index")}
        EmailMessage(
            subject=gettext("Accounts and rights: look at this"),
            body=render_to_string("actions/mail/accounts.txt", context),
            to=[user.email],
            headers={"Message-ID": f"<alarm-{alarms[-1].pk}-{user.pk}@actions>"},
        ).send()


def _name(pk: int) -> str:
    user = get_user_model().objects.filter(pk=pk).first()
    return user.get_username() if user else gettext("user %(id)s") % {"id": pk}
