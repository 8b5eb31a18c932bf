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

from .hand_over import with_country
from .on_paper import on_paper
from .words import words_of

TEMPLATE = Path(__file__).with_name("sheet.typ")
LINES = 16


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
            "to": [with_country(recipient) for recipient in addressees(petition, page.locale)],
            "to_heading": _("To"),
            "demands_heading": words["demands_heading"],
            "demands": words["demands"],
            "number": _("No."),
            "columns": [_("Name"), _("Place"), _("Signature")],
            "lines": LINES,
            "rules": _(
                "Sign by hand, once, and only if you have not signed online. "
                "Only the number of signatures on paper is handed over; the sheets stay with us and are then destroyed."
            ),
            "others": _(
                "Whoever signs after you can read your line. If you do not want that, ask for a sheet of your own, or "
                "have the lines above folded back."
            ),
            "basis_heading": _("How we treat your data"),
            "basis": _basis(organisation),
            "notice": page.full_url and page.full_url + page.reverse_subpage("privacy_notice"),
            "notice_heading": _("More about it:"),
            "back": _("Send the sheets to"),
            "address": [
                organisation.controller_name,
                *organisation.controller_address.splitlines(),
                organisation.controller_email,
            ],
            "until": _until(petition),
            "url": page.full_url or "",
            "qr": on_paper(page.full_url).qr if page.full_url else "",
            "online": _("Sign online instead"),
        }
    return typeset(TEMPLATE, told=told)


def _until(petition) -> str:
    if petition.ends_at is None:
        return ""
    day = date_format(last_day(petition.ends_at, timezone.get_default_timezone()), "DATE_FORMAT")
    return _("Last day to sign: %(day)s. The sheets must reach us soon afterwards.") % {"day": day}


def _basis(organisation: Organisation) -> str:
    """Article 13 of the General Data Protection Regulation in what fits under a table."""
    values = {"name": organisation.controller_name, "address": organisation.controller_email}
    told = [
        _(
            "%(name)s answers for the data. By signing you agree explicitly that we use them to count your signature "
            "(articles 6(1)(a) and 9(2)(a) of the General Data Protection Regulation). Sign only if you want to: "
            "nothing obliges you. You can see, correct, restrict or withdraw what stands here, object, and have your "
            "line struck out, as long as we have the sheet: write to %(address)s."
        )
        % values
    ]
    if officer := " ".join(filter(None, (organisation.officer_name, organisation.officer_email))):
        told.append(_("Data-protection officer: %(officer)s.") % {"officer": officer})
    if authority := organisation.authority_name:
        told.append(_("You can complain to the data-protection authority: %(authority)s.") % {"authority": authority})
    else:
        told.append(_("You can complain to the data-protection authority of the country you live in, or of ours."))
    return " ".join(told)
