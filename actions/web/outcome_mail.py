"""A reminder, some months after the end, to tell readers what has happened since (A14). Once for each action."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from actions.pages import staff_mail
from actions.pages.outcome import without_outcome
from actions.pages.staff_language import language_of
from actions.signing.models import Petition


def remind(now: datetime) -> int:
    """Mail whoever is responsible; returns how many mails went out."""
    sent = 0
    for page in without_outcome(now).filter(petition__outcome_asked_at=None, petition__responsible__email__gt=""):
        # One page of an action is enough, and two workers send one mail.
        if not Petition.objects.filter(pk=page.petition_id, outcome_asked_at=None).update(outcome_asked_at=now):
            continue
        responsible = page.petition.responsible
        with translation.override(language_of(responsible)):
            url = settings.WAGTAILADMIN_BASE_URL + reverse("wagtailadmin_pages:edit", args=[page.pk])
            subject = gettext("What came of it? %(title)s") % {"title": page.title}
            body = render_to_string("actions/mail/outcome.txt", {"page": page, "url": url})
            staff_mail.send(subject, body, to=[responsible.email])
        sent += 1
    return sent
