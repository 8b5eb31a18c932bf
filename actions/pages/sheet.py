"""The signing sheet of an action as PDF: what is demanded, of whom, and lines to sign on."""

from pathlib import Path

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.models import Site

from actions.delivery.selectors import addressees
from actions.rules.days import last_day
from actions.rules.pdf import typeset
from home.organisation import Organisation

from .words import words_of

TEMPLATE = Path(__file__).with_name("sheet.typ")
LINES = 18


def sheet_pdf(page) -> bytes:
    """Typeset an A4 page (PDF/UA-1) in the page's language, to print as often as needed. Raises NoTypeface."""
    words = words_of(page)
    petition = page.petition
    with translation.override(page.locale.language_code):
        site = page.get_site() or Site.objects.get(is_default_site=True)
        organisation = Organisation.for_site(site, page.locale.language_code)
        told = {
            "language": page.locale.language_code,
            "dir": "rtl" if translation.get_language_bidi() else "ltr",
            "title": words["title"],
            "lead": words["lead"],
            "to": [str(recipient) for recipient in addressees(petition, page.locale)],
            "to_heading": _("To"),
            "demands_heading": words["demands_heading"],
            "demands": words["demands"],
            "columns": [_("Name"), _("Place"), _("Signature")],
            "lines": LINES,
            "rules": _(
                "Sign by hand, once, and only if you have not signed online. "
                "The sheets are used to count and to hand over the signatures, and are then destroyed."
            ),
            "back": _("Send the sheets to"),
            "address": [
                organisation.controller_name,
                *organisation.controller_address.splitlines(),
                organisation.controller_email,
            ],
            "until": _until(petition),
            "url": page.full_url or "",
        }
    return typeset(TEMPLATE, told=told)


def _until(petition) -> str:
    if petition.ends_at is None:
        return ""
    day = date_format(last_day(petition.ends_at, timezone.get_default_timezone()), "DATE_FORMAT")
    return _("Last day to sign: %(day)s. The sheets must reach us soon afterwards.") % {"day": day}
