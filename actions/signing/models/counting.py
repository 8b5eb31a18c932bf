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
    signatures on paper (`delivery.paper`). The total is `counted` and `paper` together; while a form is open visitors
    see `PublicTotal` instead. `looked_up` is how many attempts left anything; a sequence counts those that were taken
    back too (`alarms`).
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


# The total: signed online, and confirmed on paper.
TOTAL: CombinedExpression = F("counted") + F("paper")


class PublicNumber(models.Model):
    """The number of signatures online that is shown while the form is open, and when it moves (`rules.steps`).

    Only workers and staff may read it: who knows when the number moves can find out who has signed. Visitors read
    `PublicTotal`. `settled` is true while the number is the exact one, from the end on.
    """

    petition = models.OneToOneField(Petition, models.CASCADE, primary_key=True, related_name="public_number")
    number = models.BigIntegerField(db_default=0)
    paper = models.BigIntegerField(db_default=0)
    step = models.PositiveIntegerField(db_default=0)
    rises_at = models.BigIntegerField(db_default=0)
    falls_at = models.BigIntegerField(db_default=-1)
    look_at = models.DateTimeField(db_default=Now())
    settled = models.BooleanField(db_default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("public number")
        verbose_name_plural = _("public numbers")

    def __str__(self) -> str:
        return str(self.petition_id)


class PublicTotal(models.Model):
    """What visitors see of a total: in steps while the form is open, exact from its end on. A view of the database.

    The public process reads totals here and nowhere else.
    """

    petition = models.OneToOneField(Petition, models.DO_NOTHING, primary_key=True, related_name="public_total")
    exact = models.BooleanField()
    online = models.BigIntegerField()
    paper = models.BigIntegerField()
    removed = models.BigIntegerField()

    wagtail_reference_index_ignore = True

    class Meta:
        managed = False
        db_table = "actions_publictotal"
        verbose_name = _("public total")
        verbose_name_plural = _("public totals")

    def __str__(self) -> str:
        return str(self.petition_id)


class PublicHour(models.Model):
    """By how much the public number moved in an hour: the history that everybody may have.

    `earlier` is how many of them were moved by signatures from before that day: a file that was brought in.
    """

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="public_hours", db_index=False)
    hour = models.DateTimeField()
    number = models.BigIntegerField()
    earlier = models.BigIntegerField(db_default=0)

    class Meta:
        verbose_name = _("hour of a public number")
        verbose_name_plural = _("hours of public numbers")
        constraints = [models.UniqueConstraint(fields=["petition", "hour"], name="one_public_hour")]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.hour:%Y-%m-%d %H}"


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
    """How many came how far on one day: mails sent, bounced, confirmed. Stays when the signers go."""

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
