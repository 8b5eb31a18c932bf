"""The words of a mail to signers, ready for a mail program: what editors composed, and the same as plain text."""

import re
from html import escape, unescape

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Site
from wagtail.rich_text import expand_db_html

from actions.mailing.models import MailingText
from home.mail import Mail
from home.organisation import Organisation

BREAKS = re.compile(r"</(?:p|li|h\d)>|<br\s*/?>", re.IGNORECASE)
LINKS = re.compile(r'<a\b[^>]*\bhref="([^"]*)"[^>]*>(.*?)</a>', re.IGNORECASE | re.DOTALL)
OUR_OWN = re.compile(r'(<a\b[^>]*\bhref=")(/[^"]*)', re.IGNORECASE)
TAGS = re.compile(r"<[^>]+>")


def plain(text: MailingText) -> str:
    """The body without markup: lists with dashes, addresses of links after their words."""
    return "\n\n".join(part for part in map(_part, text.body) if part).strip()


def _part(block) -> str:
    value = block.value
    if block.block_type == "button":
        address = value["page"].full_url if value["page"] else value["url"]
        return f"{value['label']}:\n{address}"
    lines = [value["heading"]] if value["heading"] else []
    return "\n\n".join([*lines, _without_markup(value["text"].source)])


def _without_markup(source: str) -> str:
    html = expand_db_html(source)
    html = LINKS.sub(lambda found: f"{found[2]} ({_whole(unescape(found[1]))})", html)
    html = re.sub(r"<li[^>]*>", "– ", html)
    lines = (line.strip() for line in unescape(TAGS.sub("", BREAKS.sub("\n", html))).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _whole(address: str) -> str:
    """An address of our own site as it is reached from a mail."""
    if not address.startswith("/"):
        return address
    site = Site.objects.filter(is_default_site=True).first()
    return (site.root_url if site else "") + address


def for_a_mail(html: str) -> str:
    """The HTML of a mail, with links to pages and documents that can be followed from there."""
    return OUR_OWN.sub(lambda found: found[1] + escape(_whole(unescape(found[2]))), html)


def trial(text: MailingText, *, to: str) -> Mail:
    """The mail as signers will get it, for the one who wrote it. Its links about a signature lead to nobody's."""
    petition = text.mailing.petition
    page = petition.action_pages.filter(locale__language_code=text.language).first() or petition.action_pages.first()
    site = Site.objects.get(is_default_site=True)
    with translation.override(text.language):
        nowhere = settings.SITE_URL + reverse("actions:ask_link")
        context = {
            "text": text,
            "plain": plain(text),
            "page": page,
            "petition": petition,
            "organisation": Organisation.for_site(site, text.language),
            "mine_url": nowhere,
            "stop_url": nowhere,
        }
        message = Mail(
            subject=_("Trial: %(subject)s") % {"subject": text.subject},
            body=render_to_string("actions/mail/update.txt", context),
            to=[to],
        )
        message.attach_alternative(for_a_mail(render_to_string("actions/mail/update.html", context)), "text/html")
    return message
