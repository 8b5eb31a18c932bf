"""The two mails of a reminder: the question to the mailbox, and, once the form has opened, the one it said yes to."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from wagtail.models import Site

from actions.signing.reminders import Letter
from home.mail import Mail
from home.organisation import Organisation

from .mail import PageMissing, page_in

SOURCE = "reminder"  # as it is counted, beside other sources


def compose(letter: Letter) -> Mail:
    """Raises PageMissing where no page tells of the form; then it waits."""
    reminder = letter.reminder
    with translation.override(reminder.language):
        page = page_in(reminder.petition_id, reminder.language)
        if page is None or not page.live or not page.full_url:
            raise PageMissing
        site = page.get_site() or Site.objects.filter(is_default_site=True).first()
        link = [letter.token] if letter.token else []
        context = {
            "page": page,
            "url": f"{page.full_url}?s={SOURCE}",
            "organisation": Organisation.for_site(site, reminder.language),
            "opens_at": reminder.petition.opens_at,
            "link": settings.SITE_URL + reverse("actions:remind" if link else "actions:reminder_over", args=link),
        }
        name = f"actions/mail/opening_{letter.kind}"
        message = Mail(
            subject=" ".join(render_to_string(f"{name}_subject.txt", context).split()),
            body=render_to_string(f"{name}.txt", context),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[letter.address],
            headers={
                "Message-ID": f"<{reminder.pk}.{letter.kind}@{settings.SITE_URL.split('//')[-1].split(':')[0]}>",
                "Auto-Submitted": "auto-generated",
                "List-Unsubscribe": f"<{context['link']}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )
        message.attach_alternative(render_to_string(f"{name}.html", context), "text/html")
    message.track_opens = message.track_clicks = False
    return message
