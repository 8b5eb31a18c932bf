"""The words of our mails, in the signer's language. Nothing a visitor typed stands in any of them."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from wagtail.models import Locale

from actions.delivery.selectors import addressees
from actions.pages.action import ActionPage
from actions.signing.models import OutboxMail, Signature
from home.organisation import Organisation


def compose(mail: OutboxMail, address: str) -> EmailMultiAlternatives:
    """The mail for a row of the outbox. The same row always has the same Message-ID."""
    signature = mail.signature
    page = page_of(signature)
    with translation.override(signature.language):
        context = _context(page, signature)
        message = EmailMultiAlternatives(
            subject=" ".join(render_to_string("actions/mail/receipt_subject.txt", context).split()),
            body=render_to_string("actions/mail/receipt.txt", context),
            to=[address],
            headers={"Message-ID": f"<{mail.pk}@{_host()}>", "Auto-Submitted": "auto-generated"},
        )
        message.attach_alternative(render_to_string("actions/mail/receipt.html", context), "text/html")
    return message


def page_of(signature: Signature) -> ActionPage:
    """The action's page in the signer's language, or in another where that one is gone."""
    pages = ActionPage.objects.filter(petition=signature.petition_id).select_related("locale")
    return min(pages, key=lambda page: (not page.live, page.locale.language_code != signature.language))


def _context(page: ActionPage, signature: Signature) -> dict:
    locale = Locale.objects.filter(language_code=signature.language).first() or page.locale
    site = page.get_site()
    return {
        "page": page,
        "url": page.full_url or settings.SITE_URL,
        "recipients": addressees(signature.petition, locale),
        "organisation": Organisation.for_site(site, signature.language),
    }


def _host() -> str:
    return settings.SITE_URL.split("//")[-1].split("/")[0].split(":")[0] or "localhost"
