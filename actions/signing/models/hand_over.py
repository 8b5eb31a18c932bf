"""What signers were told of the hand-over of their names."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .petition import Petition


class HandOverNotice(models.Model):
    """What one form said of its hand-over in one language: what of a signer, to whom, in which country.

    A changed setting or word is a new row; rows never change. Who agreed refers to the row that was shown, and a list
    holds of each signer no more than that row says (actions/delivery/package.py). `recipients` are id, name, office and
    country of each, as they were.
    """

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="hand_over_notices")
    language = models.CharField(_("language"), max_length=12)
    level = models.CharField(_("what is handed over"), max_length=10, choices=Petition.HandedOver)
    recipients = models.JSONField(_("recipients"))
    words = models.TextField(_("words"))
    fingerprint = models.CharField(max_length=64)
    first_used_at = models.DateTimeField(_("first used"), db_default=Now())

    class Meta:
        verbose_name = _("notice of a hand-over")
        verbose_name_plural = _("notices of hand-overs")
        constraints = [models.UniqueConstraint(fields=["petition", "fingerprint"], name="hand_over_notice_once")]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.language} {self.pk}"
