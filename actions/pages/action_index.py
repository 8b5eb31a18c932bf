"""The list of all actions, with filters that work as plain links and a plain form."""

from django.core.paginator import Paginator
from django.db import models
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from home.site_page import SitePage

from .listing import Search, cards, find

PER_PAGE = 12


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

        return ActionPage.objects.child_of(self).live()

    def get_context(self, request, *args, **kwargs):
        now = timezone.now()
        search = Search.from_query(request.GET)
        found = find(self.actions(), search, locale=self.locale, now=now)
        paginator = Paginator([page.pk for page in found.pages], PER_PAGE)
        page = paginator.get_page(request.GET.get("page"))
        chosen = self.actions().filter(pk__in=page.object_list)
        return super().get_context(request, *args, **kwargs) | {
            "search": search,
            "found": found,
            "paginator_page": page,
            "cards": cards(chosen, locale=self.locale, now=now),
            "query": _query(search),
        }


def _query(search: Search) -> str:
    """The search as a query string, for the links between pages of the list."""
    query = QueryDict(mutable=True)
    values = {"q": search.words, "state": search.state, "country": search.country, "right": search.right}
    query.update({name: value for name, value in values.items() if value})
    return query.urlencode()
