"""The words in which a form says what is handed over, to whom and to which country, from its settings."""

import re
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries
from wagtail.models import Locale

from actions.delivery.models import Delivery, Recipient
from actions.delivery.selectors import addressees, named, receivers, written
from actions.rules.hand_over import LEVELS, NUMBER, outside_eea
from actions.signing.hand_over import Notice
from actions.signing.models import Petition

# By level: what stands beside the button, and what stands at the tick.
WORDS = {
    "name": gettext_lazy(
        "If you say yes to our handing over your name, it stands on the list that %(to)s gets. %(countries)s can then "
        "see that you have signed."
    ),
    "country": gettext_lazy(
        "If you say yes to our handing over your name and country, your name and the country you live in stand on "
        "the list that %(to)s gets. %(countries)s can then see that you have signed."
    ),
    "place": gettext_lazy(
        "If you say yes to our handing over your name, place and country, your name, your place and the country you "
        "live in stand on the list that %(to)s gets. %(countries)s can then see that you have signed."
    ),
}
LABELS = {
    "name": gettext_lazy("Hand over my name. Without this, only the number is handed over."),
    "country": gettext_lazy("Hand over my name and country. Without this, only the number is handed over."),
    "place": gettext_lazy("Hand over my name, place and country. Without this, only the number is handed over."),
}


def notice_of(petition: Petition, locale: Locale) -> Notice | None:
    """What the form of a petition says in a language; None where only the number is handed over.

    That is so, too, where nobody is named to receive a list, or where the country of one of them is not known.
    """
    if petition.handed_over == NUMBER:
        return None
    bound = [named(recipient) for recipient in written(petition)]
    if not bound or not all(one.country for one in bound):
        return None
    language, level = locale.language_code, petition.handed_over
    with translation.override(language):
        shown = addressees(petition, locale)
        values = {
            "to": in_a_row([with_country(recipient) for recipient in shown]),
            "countries": in_a_row(list(dict.fromkeys(country_name(one.country) for one in bound))),
        }
        return Notice(
            level=level,
            recipients=tuple(bound),
            language=language,
            words=str(WORDS[level]) % values,
            label=str(LABELS[level]),
        )


def receivers_of(petition: Petition, locale: Locale) -> str:
    """To whom a petition goes and in which country, in a language; empty where nobody is named."""
    with translation.override(locale.language_code):
        return in_a_row([with_country(recipient) for recipient in addressees(petition, locale)])


def far_of(petition: Petition, locale: Locale) -> str:
    """Countries outside the European Economic Area that names go to, in a language; empty where none does."""
    notice = notice_of(petition, locale)
    with translation.override(locale.language_code):
        codes = outside_eea(one.country for one in notice.recipients) if notice else []
        return in_a_row([country_name(code) for code in codes])


def with_country(recipient: Recipient) -> str:
    """As “the ambassador in Oslo (China)”, in the language at hand; what names its country already names it once."""
    country = country_name(str(recipient.country))
    is_named = re.search(rf"\b{re.escape(country)}\b", str(recipient), re.IGNORECASE)
    return f"{recipient} ({country})" if country and not is_named else str(recipient)


def country_name(code: str) -> str:
    return str(countries.name(code)) if code else ""


def in_a_row(names: list[str]) -> str:
    """Names with the last one joined by “and”."""
    if len(names) < 2:
        return "".join(names)
    return _("%(others)s and %(last)s") % {"others": "; ".join(names[:-1]), "last": names[-1]}


# By columns of the list: what was given, before and after the day of the hand-over.
GIVEN = {
    "name": (
        gettext_lazy("Your name will be given to %(to)s on %(day)s."),
        gettext_lazy("Your name was given to %(to)s on %(day)s."),
    ),
    "country": (
        gettext_lazy("Your name and country will be given to %(to)s on %(day)s."),
        gettext_lazy("Your name and country were given to %(to)s on %(day)s."),
    ),
    "place": (
        gettext_lazy("Your name, place and country will be given to %(to)s on %(day)s."),
        gettext_lazy("Your name, place and country were given to %(to)s on %(day)s."),
    ),
}


def receipts(listed: list[dict[str, Any]], language: str) -> list[str]:
    """A sentence for each list on which a name stands: what was given to whom, in which country, on which day."""
    columns = {one["delivery"]: tuple(one["columns"]) for one in listed}
    if not columns:
        return []
    locale = Locale.objects.filter(language_code=language).first() or Locale.get_default()
    found = Delivery.objects.filter(pk__in=columns).prefetch_related("recipients").order_by("delivered_on", "pk")
    with translation.override(language):
        return [receipt(delivery, columns[delivery.pk], locale) for delivery in found]


def receipt(delivery: Delivery, columns: tuple[str, ...], locale: Locale) -> str:
    """One such sentence, in the language at hand."""
    level = next(level for level in reversed(LEVELS) if level != NUMBER and set(LEVELS[level]) <= set(columns))
    before, after = GIVEN[level]
    words = after if delivery.delivered_on <= timezone.localdate() else before
    to = in_a_row([with_country(one) for one in receivers(delivery, locale)])
    return str(words) % {"to": to, "day": date_format(delivery.delivered_on, "DATE_FORMAT")}
