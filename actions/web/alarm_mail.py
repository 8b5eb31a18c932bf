"""One mail for each alarm, to whoever answers for the action."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from actions.signing.models import Alarm

from .staff_language import language_of


def send_waiting() -> int:
    """Tell the responsible of each action about alarms they were not told of; returns how many mails went out."""
    sent = 0
    waiting = Alarm.objects.filter(mailed_at=None, petition__responsible__email__gt="").order_by("pk")
    for alarm in waiting.select_related("petition__responsible"):
        with translation.override(language_of(alarm.petition.responsible)):
            context = {"alarm": alarm, "url": settings.WAGTAILADMIN_BASE_URL + reverse("alarm:index")}
            EmailMessage(
                subject=gettext("Unusual: %(name)s") % {"name": alarm.petition.name},
                body=render_to_string("actions/mail/alarm.txt", context),
                to=[alarm.petition.responsible.email],
                headers={"Message-ID": f"<alarm-{alarm.pk}@actions>"},
            ).send()
        Alarm.objects.filter(pk=alarm.pk).update(mailed_at=timezone.now())
        sent += 1
    return sent
