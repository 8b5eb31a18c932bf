"""What every page of the site has: share texts, its languages, and when it changes by itself."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page, PagePermissionTester
from wagtail_localize.fields import SynchronizedField

from actions.translating.rights import may_change

from .visible import for_everybody, restrictions_of


class SitePagePermissionTester(PagePermissionTester):
    """Wagtail's rights on a page; but whoever only translates changes no page that was written first."""

    def can_edit(self):
        return super().can_edit() and may_change(self.user, self.page)


class SitePage(Page):
    """Abstract base of all pages. wagtail-localize does not support a custom base page model, so it has no table."""

    share_title = models.CharField(
        _("title when shared"), max_length=100, blank=True, help_text=_("Empty: the title of the page.")
    )
    share_text = models.CharField(
        _("text when shared"),
        max_length=250,
        blank=True,
        help_text=_("One or two sentences. Empty: the lead."),
    )
    share_image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture when shared"),
        help_text=_("Empty: the picture of the page."),
    )

    allowed_http_methods = ["GET", "HEAD", "OPTIONS"]

    promote_panels = [
        MultiFieldPanel(
            [FieldPanel("share_title"), FieldPanel("share_text"), FieldPanel("share_image")],
            heading=_("When shared"),
        ),
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
            heading=_("In search engines"),
        ),
    ]
    settings_panels = [FieldPanel("show_in_menus"), *Page.settings_panels]

    # Every page that adds fields of its own adds to this list too.
    synchronised: list[SynchronizedField] = [
        SynchronizedField("share_image"),
        SynchronizedField("show_in_menus"),
    ]
    override_translatable_fields = synchronised

    class Meta:
        abstract = True

    def permissions_for_user(self, user):
        return SitePagePermissionTester(user, self)

    @property
    def teaser(self) -> str:
        """One paragraph that makes somebody want to read on."""
        return getattr(self, "lead", "") or self.search_description

    @property
    def picture(self):
        """The picture that stands for the page on cards and when shared."""
        return None

    def alternates(self) -> list[Page]:
        """The page in every language it is published in, this one included, in the order of settings.LANGUAGES."""
        order = [code for code, _name in settings.LANGUAGES]
        pages = Page.objects.filter(
            translation_key=self.translation_key, locale__language_code__in=order, alias_of=None
        )
        pages = for_everybody(pages).select_related("locale")
        return sorted(pages, key=lambda page: order.index(page.locale.language_code))

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | {"alternates": SimpleLazyObject(self.alternates)}

    def get_view_restrictions(self):
        """Those of its translations too, and without their passwords, which the public role cannot read."""
        return restrictions_of(self).defer("password")

    def now(self):
        """The instant the page is shown for."""
        return timezone.now()

    def next_change(self, now):
        """The next instant at which the page must look different, or None. It is never cached past it."""
        return None


class PicturedPage(SitePage):
    """Abstract base of pages with a picture at their top."""

    hero_image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
        help_text=_("Set its focal point in the image library, so that no screen cuts it off."),
    )
    hero_alt = models.CharField(
        _("alternative text"),
        max_length=250,
        blank=True,
        help_text=_("What the picture shows, for those who cannot see it."),
    )
    hero_credit = models.CharField(_("credit"), max_length=120, blank=True)

    picture_panel = MultiFieldPanel(
        [FieldPanel("hero_image"), FieldPanel("hero_alt"), FieldPanel("hero_credit")], heading=_("Picture")
    )
    synchronised = [*SitePage.synchronised, SynchronizedField("hero_image")]
    override_translatable_fields = synchronised

    class Meta:
        abstract = True

    @property
    def picture(self):
        image = self.hero_image
        return image if image and image.may_be_shown else None
