"""What the organisation's membership system is told of: who wants to hear from us, and who no longer does."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .petition import Petition


class MemberNotice(models.Model):
    """One thing to tell, in the order of its number, which is the cursor of the pull interface. Holds no address.

    Ids instead of references: the end of a contact is told after the signer is gone.
    """

    class Kind(models.TextChoices):
        CONSENTED = "consented", _("wants to hear from us")
        ENDED = "ended", _("no longer wants to, or was forgotten")

    id = models.BigAutoField(primary_key=True)
    signature_id = models.UUIDField(_("signature"))
    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+", verbose_name=_("signature form"))
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    created_at = models.DateTimeField(_("when"), db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(_("tries"), db_default=0)
    sent_at = models.DateTimeField(_("delivered"), null=True)
    dead_at = models.DateTimeField(_("given up"), null=True)
    problem = models.CharField(_("problem"), max_length=60, blank=True, db_default="")

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("notice to the membership system")
        verbose_name_plural = _("notices to the membership system")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["signature_id", "kind"], name="one_notice_of_a_kind")]
        indexes = [models.Index(fields=["due_at"], name="notice_due", condition=models.Q(sent_at=None, dead_at=None))]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"
