"""The list of all actions, with filters that work as plain links and a plain form."""

from dataclasses import replace
from typing import NamedTuple

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from home.site_page import SitePage
from home.standing import standing
from home.visible import for_everybody

from .listing import WORDS, Search, cards, find, open_pages

PER_PAGE = 12
FILTERS = ("state", "country", "right", "page")


class Wider(NamedTuple):
    """A search with one condition fewer: what it is called, its query string, and how many it finds."""

    label: str
    query: str
    number: int


class ActionIndexPage(SitePage):
    lead = models.TextField(_("lead"), blank=True)

    template = "actions/pages/action_index_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["actions.ActionPage"]
    max_count_per_parent = 1
    page_description = _("All actions, open ones first, with filters and search.")
    content_panels = [*SitePage.content_panels, FieldPanel("lead")]

    class Meta:
        verbose_name = _("action index")
        verbose_name_plural = _("action indexes")

    def actions(self):
        from .action import ActionPage

        return for_everybody(ActionPage.objects.child_of(self))

    def serve(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """The list; or a way to it without what it does not know, so that anything made up is one page and not many."""
        asked = {name: value for name in FILTERS if (value := request.GET.get(name))}
        known = self._known(asked)
        if known == asked:
            return super().serve(request, *args, **kwargs)
        query = QueryDict(mutable=True)
        query.update(({"q": words} if (words := request.GET.get("q")) else {}) | known)
        return HttpResponseRedirect(request.path + (f"?{query.urlencode()}" if query else ""))

    def _known(self, asked: dict[str, str]) -> dict[str, str]:
        """What of the filters asked for is a value that the list has, or had a minute ago."""
        if not asked:
            return {}
        values = standing(f"filters:{self.pk}", self._values)
        return {name: value for name, value in asked.items() if value in values[name]}

    def _values(self) -> dict[str, list[str]]:
        found = find(self.actions(), Search(), locale=self.locale, now=timezone.now())
        pages = Paginator(found.pages, PER_PAGE).num_pages
        return {
            "state": [*WORDS],
            "country": [choice.value for choice in found.countries],
            "right": [choice.value for choice in found.rights],
            "page": [str(number + 1) for number in range(pages)],
        }

    def get_context(self, request, *args, **kwargs):
        now = timezone.now()
        search = Search.from_query(request.GET)
        found = find(self.actions(), search, locale=self.locale, now=now)
        paginator = Paginator([page.pk for page in found.pages], PER_PAGE)
        page = paginator.get_page(request.GET.get("page"))
        chosen = self.actions().filter(pk__in=page.object_list)
        nothing = not found.pages and not search.is_empty
        return super().get_context(request, *args, **kwargs) | {
            "search": search,
            "instead": self._instead(now) if nothing else [],
            "without": _without(search, self.actions(), locale=self.locale, now=now) if nothing else [],
            "found": found,
            "chosen_from": [found.states, found.countries, found.rights],
            "all_paused": any(page.all_paused for page in found.pages),
            "paginator_page": page,
            "cards": cards(chosen, locale=self.locale, now=now),
            "query": _query(search),
        }

    def _instead(self, now) -> list:
        """What can be signed now, for somebody whose search found nothing."""
        return cards(open_pages(self.actions(), now), locale=self.locale, now=now, limit=3)


def _without(search: Search, pages, *, locale, now) -> list[Wider]:
    """What would be found with one of the conditions left out, where that is something."""
    labels = {"q": _("Without the words"), "state": _("In every state")}
    labels |= {"country": _("About every country"), "right": _("About every right")}
    wider = []
    for name, field in (("q", "words"), ("state", "state"), ("country", "country"), ("right", "right")):
        if getattr(search, field):
            other = replace(search, **{field: ""})
            if not other.is_empty and (number := len(find(pages, other, locale=locale, now=now).pages)):
                wider.append(Wider(labels[name], _query(other), number))
    return wider


def _query(search: Search) -> str:
    """The search as a query string, for the links between pages of the list."""
    query = QueryDict(mutable=True)
    values = {"q": search.words, "state": search.state, "country": search.country, "right": search.right}
    query.update({name: value for name, value in values.items() if value})
    return query.urlencode()
