"""Countries: facts written once, shown on every action about the country."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from actions.blocks import ContentBody, CountryTopics
from actions.rules.state import State
from home.site_page import PicturedPage, SitePage
from home.visible import for_everybody

from .listing import cards


class CountryIndexPage(SitePage):
    lead = models.TextField(_("lead"), blank=True)

    template = "actions/pages/country_index_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["actions.CountryPage"]
    max_count_per_parent = 1
    page_description = _("All countries, by region.")
    content_panels = [*SitePage.content_panels, FieldPanel("lead")]

    class Meta:
        verbose_name = _("country index")
        verbose_name_plural = _("country indexes")

    def regions(self) -> list[tuple[str, list["CountryPage"]]]:
        """Regions that have a published country, each with its countries by name."""
        pages = for_everybody(CountryPage.objects.child_of(self)).select_related("hero_image").order_by("title")
        return [
            (label, found)
            for value, label in CountryPage.Region.choices
            if (found := [page for page in pages if page.region == value])
        ]

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | {"regions": self.regions()}


class CountryPage(PicturedPage):
    class Region(models.TextChoices):
        AFRICA = "africa", _("Africa")
        AMERICAS = "americas", _("The Americas")
        ASIA = "asia", _("Asia and the Pacific")
        EUROPE = "europe", _("Europe and Central Asia")
        MIDDLE_EAST = "middle-east", _("Middle East and North Africa")

    code = CountryField(_("country"))
    region = models.CharField(_("region"), max_length=12, choices=Region)
    lead = models.TextField(_("lead"), blank=True)
    topics = StreamField(
        CountryTopics(),
        verbose_name=_("facts"),
        blank=True,
        help_text=_("Shown here and on every action about the country."),
    )
    body = StreamField(ContentBody(), verbose_name=_("body"), blank=True)

    template = "actions/pages/country_page.html"
    parent_page_types = ["actions.CountryIndexPage"]
    subpage_types: list[str] = []
    page_description = _("One country: its facts, actions and stories.")
    content_panels = [
        *PicturedPage.content_panels,
        FieldPanel("lead"),
        PicturedPage.picture_panel,
        FieldPanel("topics"),
        FieldPanel("body"),
    ]
    settings_panels = [FieldPanel("code"), FieldPanel("region"), *PicturedPage.settings_panels]
    search_fields = [*PicturedPage.search_fields, index.SearchField("lead"), index.SearchField("topics")]
    override_translatable_fields = [
        *PicturedPage.synchronised,
        SynchronizedField("code", overridable=False),
        SynchronizedField("region", overridable=False),
    ]

    class Meta:
        verbose_name = _("country page")
        verbose_name_plural = _("country pages")

    def actions(self):
        """The published actions about this country in this language."""
        from .action import ActionPage

        keys = CountryPage.objects.filter(translation_key=self.translation_key)
        return for_everybody(ActionPage.objects.filter(country__in=keys, locale=self.locale))

    def stories(self):
        from home.pages import ContentPage

        keys = CountryPage.objects.filter(translation_key=self.translation_key)
        pages = for_everybody(ContentPage.objects.filter(country__in=keys, locale=self.locale))
        return pages.select_related("hero_image")

    def get_context(self, request, *args, **kwargs):
        found = cards(self.actions(), locale=self.locale, now=timezone.now())
        return super().get_context(request, *args, **kwargs) | {
            "country": self,
            "open_actions": [card for card in found if card.state is State.OPEN],
            "coming_actions": [card for card in found if card.state in (State.SCHEDULED, State.DRAFT)],
            "ended_actions": [card for card in found if card.state.is_over],
            "stories": self.stories(),
        }
