"""What is counted: totals that are read at every page view, tallies by hour for graphs, steps of confirmation."""

from __future__ import annotations

from django.db import models
from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from .petition import Petition


class TotalSlot(models.Model):
    """A part of a petition's total. The sum over the slots is the total, exact at once, and no row is hot.

    There are never more than SLOTS rows of a petition, so reading the total costs the same at 0 and at 10 million.
    `removed` counts what was taken out after review, `repeats` how often an address came again, `paper` the confirmed
    signatures on paper (`delivery.paper`). What is shown everywhere is `counted` and `paper` together. `looked_up` is
    how many attempts left anything; a sequence counts those that were taken back too (`alarms`).
    """

    SLOTS = 16

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="total_slots", db_index=False)
    slot = models.PositiveSmallIntegerField()
    counted = models.BigIntegerField(db_default=0)
    removed = models.BigIntegerField(db_default=0)
    repeats = models.BigIntegerField(db_default=0)
    paper = models.BigIntegerField(db_default=0)
    looked_up = models.BigIntegerField(db_default=0)

    class Meta:
        verbose_name = _("part of a total")
        verbose_name_plural = _("parts of totals")
        constraints = [models.UniqueConstraint(fields=["petition", "slot"], name="one_total_per_slot")]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.slot}"

    @classmethod
    def sum_of(cls, field: str | CombinedExpression, petition: str) -> Coalesce:
        """The sum of `field` over the petition in the field `petition` of an outer query, as an expression."""
        sums = cls.objects.filter(petition=OuterRef(petition)).order_by().values("petition").values(n=Sum(field))
        return Coalesce(Subquery(sums), 0, output_field=models.BigIntegerField())


# What is shown as the total: signed online, and confirmed on paper.
TOTAL: CombinedExpression = F("counted") + F("paper")


class Tally(models.Model):
    """How many were counted in one hour and language. Spread over slots, so that no row is hot; the sum is exact."""

    SLOTS = 16

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="tallies", db_index=False)
    hour = models.DateTimeField()
    language = models.CharField(max_length=12)
    slot = models.PositiveSmallIntegerField()
    counted = models.IntegerField()

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints = [
            models.UniqueConstraint(fields=["petition", "hour", "language", "slot"], name="one_tally_per_slot")
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.hour:%Y-%m-%d %H}"


class Funnel(models.Model):
    """How many came how far on one day: mails sent, bounced, links opened, confirmed. Stays when the signers go."""

    class Step(models.TextChoices):
        CREATED = "created", _("signed")
        MAILED = "mailed", _("mailed")
        BOUNCED = "bounced", _("bounced")
        OPENED = "opened", _("opened")
        CONFIRMED = "confirmed", _("confirmed")

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="funnel", db_index=False)
    day = models.DateField()
    step = models.CharField(max_length=10, choices=Step)
    number = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("step of confirmation")
        verbose_name_plural = _("steps of confirmation")
        constraints = [models.UniqueConstraint(fields=["petition", "day", "step"], name="one_funnel_row_per_step")]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.day} {self.step}"


class CheckedCount(models.Model):
    """A count that was found wrong: what was shown, what the ledger said, how many rows there were."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+")
    shown = models.BigIntegerField()
    ledger = models.BigIntegerField()
    rows = models.BigIntegerField()
    repaired = models.BooleanField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("wrong count")
        verbose_name_plural = _("wrong counts")

    def __str__(self) -> str:
        return f"{self.petition_id} {self.shown} {self.ledger} {self.rows}"
