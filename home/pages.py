"""The pages around the actions: the home page, stories, and the standing pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, PageChooserPanel
from wagtail.fields import StreamField
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from actions.blocks import ContentBody

from .site_page import PicturedPage, SitePage
from .visible import for_everybody


class HomePage(SitePage):
    heading = models.CharField(_("heading"), max_length=120)
    lead = models.TextField(_("lead"), blank=True, help_text=_("One or two sentences under the heading."))
    lead_action = models.ForeignKey(
        "actions.ActionPage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lead action"),
        help_text=_("Shown first while it is open. Empty: the open action that ends first."),
    )
    body = StreamField(ContentBody(), verbose_name=_("body"), blank=True)

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "actions.ActionIndexPage",
        "actions.CountryIndexPage",
        "actions.RightsIndexPage",
        "home.ContentPage",
    ]
    page_description = _("The first page of the site in a language.")
    content_panels = [
        *SitePage.content_panels,
        FieldPanel("heading"),
        FieldPanel("lead"),
        PageChooserPanel("lead_action", "actions.ActionPage"),
        FieldPanel("body"),
    ]
    override_translatable_fields = [
        *SitePage.synchronised,
        SynchronizedField("lead_action", overridable=False),
    ]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")


class ContentPage(PicturedPage):
    class Purpose(models.TextChoices):
        STORY = "story", _("Story")
        LIST = "list", _("List of the pages below it")
        STANDING = "standing", _("Standing page, such as “About us”")
        PRIVACY = "privacy", _("Privacy notice")
        ACCESSIBILITY = "accessibility", _("Accessibility statement")

        @classmethod
        def standing(cls) -> set[str]:
            """Purposes whose pages are linked from the footer instead of the header."""
            return {cls.STANDING, cls.PRIVACY, cls.ACCESSIBILITY}

    purpose = models.CharField(_("purpose"), max_length=15, choices=Purpose, default=Purpose.STORY)
    lead = models.TextField(_("lead"), blank=True)
    country = models.ForeignKey(
        "actions.CountryPage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("country"),
        help_text=_("The story is then listed on the page of the country."),
    )
    body = StreamField(ContentBody(), verbose_name=_("body"), blank=True)

    parent_page_types = ["home.HomePage", "home.ContentPage"]
    subpage_types = ["home.ContentPage"]
    page_description = _("A story or a standing page.")
    content_panels = [
        *PicturedPage.content_panels,
        FieldPanel("lead"),
        PicturedPage.picture_panel,
        FieldPanel("body"),
    ]
    settings_panels = [
        FieldPanel("purpose"),
        PageChooserPanel("country", "actions.CountryPage"),
        *PicturedPage.settings_panels,
    ]
    search_fields = [
        *PicturedPage.search_fields,
        index.SearchField("lead"),
        index.SearchField("body"),
    ]
    override_translatable_fields = [
        *PicturedPage.synchronised,
        SynchronizedField("purpose", overridable=False),
        SynchronizedField("country", overridable=False),
    ]

    class Meta:
        verbose_name = _("content page")
        verbose_name_plural = _("content pages")

    def stories(self):
        """The published pages below this one, newest first."""
        pages = for_everybody(ContentPage.objects.child_of(self)).order_by("-first_published_at")
        return pages.select_related("hero_image")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        if self.purpose == self.Purpose.LIST:
            context["stories"] = self.stories()
        return context
