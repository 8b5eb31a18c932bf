"""Records that are translated, and what each translation was made from when it was last published."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, TranslatableMixin


class TranslatedRecord(TranslatableMixin):
    """Abstract base of records (not pages) that are shown in the language of the page.

    A record is never a draft: as soon as it is sent to translation there is a row of it in the other language, with
    the words of the source. `written_in` says so until somebody has translated it, and pages mark its words with it.
    """

    written_in = models.CharField(max_length=12, blank=True, default="", editable=False)

    class Meta(TranslatableMixin.Meta):
        abstract = True

    @property
    def lang(self) -> str:
        """The language its words are in now."""
        return self.written_in or self.locale.language_code

    def copy_for_translation(self, locale: Locale, exclude_fields: list[str] | None = None) -> "TranslatedRecord":
        copy = super().copy_for_translation(locale, exclude_fields=exclude_fields)
        copy.written_in = self.lang
        return copy


class TranslationStatus(models.Model):
    """When a translation was last published, by whom, and from which words."""

    translation = models.OneToOneField("wagtail_localize.Translation", models.CASCADE, related_name="status")
    published_at = models.DateTimeField(_("published"), null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("published by")
    )
    # Each text in the order of the page: [where it stands, what the source said, what the translation said].
    texts = models.JSONField(default=list)
    outdated_since = models.DateTimeField(_("out of date since"), null=True)

    class Meta:
        verbose_name = _("state of a translation")
        verbose_name_plural = _("states of translations")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return str(self.translation_id)
