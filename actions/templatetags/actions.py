"""What other pages show of the actions."""

from dataclasses import dataclass
from urllib.parse import quote

from django import template
from django.utils import timezone

from actions.pages.action import ActionPage
from actions.pages.action_index import ActionIndexPage
from actions.pages.listing import Card, cards
from actions.rules.state import State
from actions.signing.public import grand_total
from home.visible import for_everybody

register = template.Library()


@dataclass(frozen=True)
class Front:
    """The actions on the home page."""

    lead: Card | None
    open: list[Card]
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
    is_open = [card for card in found if card.state in (State.OPEN, State.SCHEDULED)]
    lead = _lead(page, is_open)
    return Front(
        lead=lead,
        open=[card for card in is_open if card is not lead][:6],
        results=[card for card in found if card.state.is_over][:3],
        total=grand_total(),
        index=for_everybody(ActionIndexPage.objects.child_of(page)).first(),
        all_paused=any(card.page.all_paused for card in found),
    )


# Some mail programs cut a longer address off, and half a letter is worse than none.
LONGEST_MAIL = 1900


@register.simple_tag
def letter_mail(letter, addressees, page) -> str:
    """A link that opens the mail program with the letter in it, to those whose address is known."""
    to = ",".join(quote(recipient.email, safe="@") for recipient in addressees or () if recipient.email)
    subject = f"mailto:{to}?subject=" + quote(str(getattr(page, "title", "")))
    body = "&body=" + quote(letter.plain)
    return subject + body if len(subject + body) <= LONGEST_MAIL else subject


def _lead(page, found: list[Card]) -> Card | None:
    """The editor's choice while it can be signed, in whatever language it was chosen; else the one that ends first.

    Of those that take no signatures just now only where there are no others.
    """
    now_open = [card for card in found if card.state is State.OPEN]
    now_open = [card for card in now_open if card.can_be_signed] or now_open
    chosen = page.lead_action.translation_key if page.lead_action else None
    return next((card for card in now_open if card.page.translation_key == chosen), next(iter(now_open), None))
