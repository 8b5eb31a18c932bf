"""An Atom feed for each language: actions as they open, and what was handed over."""

from datetime import UTC, datetime, time
from typing import NamedTuple
from uuid import uuid5

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import strip_tags
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from wagtail.models import Locale, Site

from actions.delivery.selectors import addressees_and_deliveries
from actions.pages.action import ActionPage
from actions.pages.listing import cards
from actions.rules.state import State
from home.organisation import Organisation
from home.visible import for_everybody

from .caching import kept

NUMBER = 30


class Entry(NamedTuple):
    """One thing to tell, and the page that tells it."""

    id: str
    title: str
    text: str
    url: str
    at: datetime
    updated: datetime


class PlainAtom(Atom1Feed):
    """Atom whose summaries are words, where Django's are HTML: of “A < B” a reader would show “A”."""

    def add_item_elements(self, handler, item) -> None:
        super().add_item_elements(handler, item | {"description": None})
        handler.addQuickElement("summary", item["description"], {"type": "text"})


class ActionsFeed(Feed):
    """`/nb/feed/`: the latest thirty. What it is called by is the site's own address, whatever host was asked."""

    feed_type = PlainAtom

    def __call__(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        now = timezone.now()
        return kept(super().__call__(request, *args, **kwargs), now=now)

    def get_object(self, request: HttpRequest) -> Organisation:
        self.request = request
        return Organisation.for_site(Site.find_for_request(request), str(get_language()))

    def title(self, organisation: Organisation) -> str:
        return _("Actions of %(name)s") % {"name": organisation.name}

    def subtitle(self, organisation: Organisation) -> str:
        return organisation.claim

    def author_name(self, organisation: Organisation) -> str:
        return organisation.name

    def link(self) -> str:
        return settings.SITE_URL + self.request.path.removesuffix("feed/")

    def feed_url(self) -> str:
        return settings.SITE_URL + self.request.path

    def items(self) -> list[Entry]:
        now, locale = timezone.now(), Locale.get_active()
        pages = for_everybody(ActionPage.objects.filter(locale=locale, alias_of=None))
        entries: list[Entry] = []
        for card in cards(pages, locale=locale, now=now):
            if card.state not in (State.DRAFT, State.SCHEDULED):
                entries += self._entries(card, locale)
        return sorted(entries, key=lambda entry: entry.at, reverse=True)[:NUMBER]

    def _entries(self, card, locale: Locale) -> list[Entry]:
        page = card.page
        url = page.get_full_url(self.request)
        begun = max(page.petition.opens_at, page.first_published_at or page.petition.opens_at)
        # Ids hold whatever becomes of titles, addresses and hosts; each language is a text of its own.
        own = page.translation_key
        updated = max(begun, page.last_published_at or begun)
        text = f"{pgettext('to visitors', 'Signing is paused')}. {card.lead}" if card.paused else card.lead
        found = [Entry(uuid5(own, locale.language_code).urn, page.title, text, url, begun, updated)]
        _to_whom, handed_over = addressees_and_deliveries(page.petition, locale)
        for told in handed_over:
            text = strip_tags(render_to_string("actions/parts/_handed_over.html", {"delivery": told}))
            at = datetime.combine(told.delivered_on, time(), timezone.get_default_timezone())
            title = _("Handed over: %(title)s") % {"title": page.title}
            guid = uuid5(own, f"{locale.language_code} delivery {told.pk}").urn
            found.append(Entry(guid, title, " ".join(text.split()), url, at, max(at, told.recorded_at)))
        return found

    def item_guid(self, entry: Entry) -> str:
        return entry.id

    def item_title(self, entry: Entry) -> str:
        return entry.title

    def item_description(self, entry: Entry) -> str:
        return entry.text

    def item_link(self, entry: Entry) -> str:
        return entry.url

    def item_pubdate(self, entry: Entry) -> datetime:
        return entry.at.astimezone(UTC)

    def item_updateddate(self, entry: Entry) -> datetime:
        return entry.updated.astimezone(UTC)
