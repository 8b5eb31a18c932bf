"""The message of the day: a sentence above every page, in each language, from one instant until another."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField
from wagtail.models import Site
from wagtail_localize.fields import SynchronizedField

from actions.blocks.groups import SENTENCES
from actions.translating.models import TranslatedRecord

from .standing import here


class SiteMessage(TranslatedRecord):
    """What everybody who comes to the site is told for a while. In a language it was not sent to, nothing is."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="messages", verbose_name=_("site"))
    text = RichTextField(
        _("text"), features=SENTENCES, help_text=_("One or two sentences, with a link where there is more to read.")
    )
    shown_from = models.DateTimeField(_("shown from"), default=timezone.now)
    shown_until = models.DateTimeField(_("shown until"))

    override_translatable_fields = [
        SynchronizedField("site", overridable=False),
        SynchronizedField("shown_from", overridable=False),
        SynchronizedField("shown_until", overridable=False),
    ]

    class Meta(TranslatedRecord.Meta):
        verbose_name = _("message of the day")
        verbose_name_plural = _("messages of the day")
        ordering = ["-shown_from", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(shown_until__gt=F("shown_from")), name="message_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return f"{Truncator(strip_tags(self.text)).chars(60)} ({self.locale.language_code})"


def message(site: Site | None, language: str, now: datetime) -> SiteMessage | None:
    """The message that is shown now, the one that began last where there are several."""
    shown = [one for one in _known(site, language) if one.shown_from <= now < one.shown_until]
    return shown[0] if shown else None


def next_change(site: Site | None, language: str, now: datetime) -> datetime | None:
    """The next instant at which another message is shown, or none any more: no page is kept past it.

    The public process does not see what is still to come, and learns of it within a minute of its beginning.
    """
    instants = [at for one in _known(site, language) for at in (one.shown_from, one.shown_until) if at > now]
    return min(instants, default=None)


def _known(site: Site | None, language: str) -> list[SiteMessage]:
    def read() -> list[SiteMessage]:
        rows = SiteMessage.objects.filter(site=site, locale__language_code=language, shown_until__gt=timezone.now())
        return list(rows.select_related("locale"))

    return here(f"messages:{site.pk if site else 0}:{language}", read)
