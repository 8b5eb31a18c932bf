"""Where signers came from, in sums: how often a code in an address (`?s=street`) led to a signature."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .petition import Petition


class SourceTally(models.Model):
    """New signatures of one day that came by one code. Never tied to a person: what is removed later is not taken off.

    Spread over slots, so that a code on everybody's screen is no hot row.
    """

    SLOTS = 16

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="sources", db_index=False)
    day = models.DateField()
    source = models.CharField(max_length=20)
    slot = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("source of signatures")
        verbose_name_plural = _("sources of signatures")
        constraints = [
            models.UniqueConstraint(fields=["petition", "day", "source", "slot"], name="one_source_row_per_slot")
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.day} {self.source}"
