"""What other pages show of the actions."""

from dataclasses import dataclass
from typing import NamedTuple

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Locale

from actions.pages import listing
from actions.pages.action import ActionPage
from actions.pages.action_index import ActionIndexPage
from actions.pages.country import CountryPage
from actions.pages.listing import Card, cards
from actions.pages.on_paper import OnPaper, on_paper
from actions.rules.mail_link import mail_link
from actions.rules.state import State
from actions.signing.public import grand_total
from home.visible import for_everybody

register = template.Library()


@dataclass(frozen=True)
class Front:
    """The actions on the home page."""

    lead: Card | None
    open: list[Card]
    soon: list[Card]
    results: list[Card]
    total: int
    index: ActionIndexPage | None
    all_paused: bool


@register.simple_tag
def front(page) -> Front:
    """Lead action, open and coming actions, latest results, and the total of all signatures."""
    found = cards(
        for_everybody(ActionPage.objects.filter(locale=page.locale_id)), locale=page.locale, now=timezone.now()
    )
    lead = _lead(page, found)
    return Front(
        lead=lead,
        open=[card for card in found if card.state is State.OPEN and card is not lead][:6],
        soon=[card for card in found if card.state is State.SCHEDULED][:3],
        results=[card for card in found if card.state.is_over][:3],
        total=grand_total(),
        index=for_everybody(ActionIndexPage.objects.child_of(page)).first(),
        all_paused=any(card.page.all_paused for card in found),
    )


@register.simple_tag
def ways_on(page=None) -> list[Card]:
    """Open actions to go on to, from a page that is no action or, in the language of the moment, from nowhere."""
    # A country page is about itself.
    country = page.pk if isinstance(page, CountryPage) else getattr(page, "country_id", None)
    return listing.ways_on(locale=page.locale if page else Locale.get_active(), now=timezone.now(), country=country)


@register.simple_tag
def action_index() -> ActionIndexPage | None:
    """The list of actions in the language of the moment."""
    return for_everybody(ActionIndexPage.objects.filter(locale=Locale.get_active())).first()


@register.simple_tag(takes_context=True)
def paper_of(context, page) -> OnPaper | None:
    """What a printed action says of where it is; nothing where it has no address yet."""
    address = page.get_full_url(context.get("request"))
    return on_paper(address) if address else None


class LetterMail(NamedTuple):
    """A link that opens the mail program; `whole` where the letter is in it, and else it says where the letter is."""

    url: str
    whole: bool


@register.simple_tag(takes_context=True)
def letter_mail(context, letter, addressees, page) -> LetterMail:
    """A mail with the letter in it, or with a place for one that is too long, to those whose address is known."""
    to = tuple(recipient.email for recipient in addressees or () if recipient.email)
    url = page.get_full_url(context.get("request")) if getattr(page, "pk", None) else ""
    told = _("[Paste the letter here. It stands at %(address)s]")
    place = told % {"address": f"{url}letter/"} if url else _("[Paste the letter here.]")
    around = "\n\n".join(filter(None, (letter.greeting, place, letter["closing"])))
    link, body = mail_link(str(getattr(page, "title", "")), letter.plain, around, place, to=to)
    return LetterMail(link, body == letter.plain)


def _lead(page, found: list[Card]) -> Card | None:
    """The editor's choice while it can be signed, in whatever language it was chosen; else the one that ends first.

    Of those that take no signatures just now only where there are no others.
    """
    now_open = [card for card in found if card.state is State.OPEN]
    now_open = [card for card in now_open if card.can_be_signed] or now_open
    chosen = page.lead_action.translation_key if page.lead_action else None
    return next((card for card in now_open if card.page.translation_key == chosen), next(iter(now_open), None))
