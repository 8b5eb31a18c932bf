"""The articles of human-rights instruments: one table, translated, referred to by every action."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from actions.translating.models import TranslatedRecord


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
