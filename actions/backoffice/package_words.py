"""The words of a delivery's package, in the language it is made in; the numbers come from the frozen set."""

from typing import Any

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries
from wagtail.models import Locale, Site

from actions.delivery.models import Delivery, Recipient
from actions.pages.words import words_in_force
from actions.signing.ends import end_in_words, goes_on_all_day
from home.organisation import Organisation


def tell(delivery: Delivery, language: str, sums: dict[str, dict[str, int]]) -> dict[str, Any]:
    """What `package.typ` prints. Title, demands and letter are those of the hand-over, frozen with it."""
    words = delivery.words or words_in_force(delivery.petition)
    told = words.get(language) or next(iter(words.values()))
    with translation.override(language):
        organisation = Organisation.for_site(Site.objects.get(is_default_site=True), language)
        day = date_format(delivery.delivered_on, "DATE_FORMAT")
        return {
            "language": language.split("-")[0],
            "dir": "rtl" if translation.get_language_bidi() else "ltr",
            "title": told["title"],
            "recipients": [_address(recipient) for recipient in _recipients(delivery, language)],
            "place_and_day": f"{delivery.place}, {day}" if delivery.place else day,
            "cover": _cover(delivery, told["title"]),
            "demands_heading": told["demands_heading"] or _("Demands"),
            "demands": told["demands"],
            "sender": [
                line for line in (organisation.controller_name, *organisation.controller_address.splitlines()) if line
            ],
            "letter_heading": _("The letter that was signed"),
            "letter": told["letter"],
            "sums_heading": _("The signatures"),
            "sums": _sums(delivery, sums),
            "fingerprint_heading": _("Fingerprint"),
            "fingerprint_text": _(
                "This number stands for exactly these signatures. Whoever wants to know whether a list is the one that "
                "was handed over can ask us to work it out again."
            ),
            "fingerprint": delivery.fingerprint,
            "footer": organisation.name,
        }


def _cover(delivery: Delivery, title: str) -> list[str]:
    number = ngettext(
        "We hereby hand over %(n)s signature of people who stand behind “%(title)s”.",
        "We hereby hand over %(n)s signatures of people who stand behind “%(title)s”.",
        delivery.number,
    ) % {"n": _figure(delivery.number), "title": title}
    lines = [number]
    if delivery.paper:
        values = {"online": _figure(delivery.signatures), "paper": _figure(delivery.paper)}
        lines.append(_("%(online)s of them signed online and %(paper)s on paper.") % values)
    if delivery.signed_before:
        until = end_in_words(delivery.signed_before)
        if goes_on_all_day(delivery.signed_before):
            lines.append(_("Counted is what was signed until %(day)s, that day included.") % {"day": until})
        else:
            lines.append(_("Counted is what was signed before %(moment)s.") % {"moment": until})
    if delivery.petition.hand_over_notices.exists():
        lines.append(_("Some have signed without letting us pass on their names; they are counted and not listed."))
    return lines


def _sums(delivery: Delivery, sums: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
    number = _("Signatures")
    blocks = [
        {
            "heading": _("In all"),
            "header": [_("How they signed"), number],
            "rows": [
                [_("Online"), _figure(delivery.signatures)],
                [_("On paper"), _figure(delivery.paper)],
                [_("Together"), _figure(delivery.number)],
            ],
        },
        _block(_("By language"), _("Language"), sums["by_language"], dict(settings.LANGUAGES), number),
    ]
    if sums["by_country"]:
        blocks.append(_block(_("By country"), _("Country"), sums["by_country"], dict(countries), number))
    return blocks


def _block(heading: str, what: str, found: dict[str, int], names: dict[str, Any], number: str) -> dict[str, Any]:
    rows = [[str(names.get(key, key)), _figure(value)] for key, value in found.items()]
    return {"heading": heading, "header": [what, number], "rows": rows}


def _figure(number: int) -> str:
    return intcomma(number)


def _recipients(delivery: Delivery, language: str) -> list[Recipient]:
    """Each in the language of the package where it is translated."""
    locale = Locale.objects.filter(language_code=language).first()
    found = []
    for recipient in delivery.recipients.order_by("pk"):
        found.append((locale and recipient.get_translation_or_none(locale)) or recipient)
    return found


def _address(recipient: Recipient) -> list[str]:
    return [line for line in (recipient.name, recipient.office, *recipient.address_lines) if line]
