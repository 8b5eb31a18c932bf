"""The articles of human-rights instruments: one table, translated, referred to by every action."""

from collections import defaultdict
from typing import NamedTuple

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from actions.translating.models import TranslatedRecord
from home.site_page import SitePage
from home.visible import for_everybody

from .listing import Card, articles_by_page, cards


class RightsIndexPage(SitePage):
    """The Declaration, article by article, each with the actions that cite it."""

    lead = models.TextField(_("lead"), blank=True)

    template = "actions/pages/rights_index_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1
    page_description = _("Every article, with the actions that cite it.")
    content_panels = [*SitePage.content_panels, FieldPanel("lead")]

    class Meta:
        verbose_name = _("rights index")
        verbose_name_plural = _("rights indexes")

    def articles(self, now) -> "list[Cited]":
        """Each article in this language, with the published actions that cite it."""
        from .action import ActionPage

        pages = for_everybody(ActionPage.objects.filter(locale=self.locale, alias_of=None))
        found = cards(pages, locale=self.locale, now=now)
        numbers = articles_by_page((card.page for card in found), self.locale)
        by_number = defaultdict(list)
        for card in found:
            for number, _title in numbers.get(card.page.pk, ()):
                by_number[number].append(card)
        articles = RightsArticle.objects.filter(locale=self.locale)
        return [Cited(article, by_number[article.number]) for article in articles]

    def get_context(self, request, *args, **kwargs):
        articles = self.articles(timezone.now())
        return super().get_context(request, *args, **kwargs) | {
            "cited": [article for article in articles if article.cards],
            "others": [article for article in articles if not article.cards],
        }


class Cited(NamedTuple):
    article: "RightsArticle"
    cards: list[Card]


class RightsArticle(index.Indexed, TranslatedRecord):
    """One article: number, short title, summary in our own words, and a link to the official text."""

    class Instrument(models.TextChoices):
        UDHR = "udhr", _("Universal Declaration of Human Rights")

    instrument = models.CharField(_("instrument"), max_length=10, choices=Instrument, default=Instrument.UDHR)
    number = models.PositiveSmallIntegerField(_("article"))
    title = models.CharField(_("short title"), max_length=120)
    summary = models.TextField(_("summary"), help_text=_("In our own words, one or two sentences."))
    url = models.URLField(_("official text"), help_text=_("Where the text can be read in this language."))

    panels = [
        FieldPanel("instrument"),
        FieldPanel("number"),
        FieldPanel("title"),
        FieldPanel("summary"),
        FieldPanel("url"),
    ]
    search_fields = [
        index.AutocompleteField("title"),
        index.SearchField("title"),
        index.SearchField("summary"),
        index.FilterField("locale_id"),
    ]
    override_translatable_fields = [
        SynchronizedField("instrument", overridable=False),
        SynchronizedField("number", overridable=False),
        SynchronizedField("url"),
    ]

    class Meta(TranslatedRecord.Meta):
        verbose_name = _("article of a declaration")
        verbose_name_plural = _("articles of declarations")
        ordering = ["instrument", "number"]
        constraints = [
            models.UniqueConstraint(fields=["instrument", "number", "locale"], name="one_article_per_language")
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"
