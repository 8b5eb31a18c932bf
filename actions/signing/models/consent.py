"""The words signers agreed to."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ConsentText(models.Model):
    """One version of the words a signer agreed to. A changed word is a new row; rows never change."""

    language = models.CharField(_("language"), max_length=12)
    version = models.PositiveIntegerField(_("version"))
    contact_action = models.TextField(_("contact about this action"))
    contact_other = models.TextField(_("contact about other work"))
    fingerprint = models.CharField(max_length=64, unique=True)
    first_used_at = models.DateTimeField(_("first used"), db_default=Now())

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        constraints = [models.UniqueConstraint(fields=["language", "version"], name="consent_text_version")]

    def __str__(self) -> str:
        return f"{self.language} {self.version}"
