"""What the law asks staff to do, and by when: requests of persons, and breaches. Nothing here names a person."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.rules.days import months_later

from .petition import Petition


class RightsCase(models.Model):
    """One person's request (art. 15 to 22): what, how it was made sure who asks, by when, and what came of it.

    About ids of signatures, never an address; who is erased or forgotten leaves none, by a trigger.
    """

    class Kind(models.TextChoices):
        ACCESS = "access", _("to see the data (art. 15, 20)")
        CORRECT = "correct", _("to correct the data (art. 16)")
        ERASE = "erase", _("to erase the data (art. 17)")
        RESTRICT = "restrict", _("to restrict their use (art. 18)")
        OBJECT = "object", _("an objection (art. 21)")
        WITHDRAW = "withdraw", _("to withdraw the signature, or a consent (art. 7)")

    class Identity(models.TextChoices):
        UNKNOWN = "", _("not made sure of yet")
        MAILBOX = "mailbox", _("answered from the mailbox that signed")
        LINK = "link", _("came by the link in an email of ours")
        SHOWN = "shown", _("showed a document; no copy is kept")
        DOUBT = "doubt", _("in doubt: more was asked for (art. 12 no. 6)")

    class Outcome(models.TextChoices):
        DONE = "done", _("done")
        NOTHING = "nothing", _("nothing is held")
        PARTLY = "partly", _("done in part, and told why")
        REFUSED = "refused", _("refused, and told why and where to complain")

    reference = models.CharField(
        _("number of the case"),
        max_length=40,
        help_text=_("Where the letters lie, in your own system. No name and no address."),
    )
    kind = models.CharField(_("asks"), max_length=10, choices=Kind)
    received_on = models.DateField(_("received on"))
    identity = models.CharField(
        _("who asks"), max_length=10, choices=Identity, blank=True, default=Identity.UNKNOWN, db_default=""
    )
    extended = models.BooleanField(
        _("two months more, and the person was told why within the first"), default=False, db_default=False
    )
    signatures = ArrayField(models.UUIDField(), default=list, verbose_name=_("signatures"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    opened_at = models.DateTimeField(_("opened"), db_default=Now())
    outcome = models.CharField(_("what came of it"), max_length=10, choices=Outcome, blank=True, default="")
    done_at = models.DateTimeField(_("done"), null=True)

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-id"]
        indexes = [models.Index(fields=["received_on"], name="cases_open", condition=models.Q(done_at=None))]

    def __str__(self) -> str:
        return f"{self.pk} ({self.reference})"

    @property
    def due_on(self) -> date:
        """The last day to answer: a month after it came, three where it is complex (art. 12 no. 3)."""
        return months_later(self.received_on, 3 if self.extended else 1)

    @property
    def is_late(self) -> bool:
        return self.done_at is None and self.due_on < timezone.localdate()

    @property
    def is_sure(self) -> bool:
        """Whether it is known who asks, so that data may be shown or changed."""
        return self.identity not in (self.Identity.UNKNOWN, self.Identity.DOUBT)


class Incident(models.Model):
    """A breach of personal data (art. 33, 34): what was touched, when it was noticed, and who was told.

    Kept also where nobody is told: the register of art. 33 no. 5.
    """

    CLOCK = timedelta(hours=72)

    what = models.CharField(
        _("what happened"),
        max_length=250,
        help_text=_("For the register. Do not write anybody's name or address here."),
    )
    noticed_at = models.DateTimeField(_("noticed"))
    petition = models.ForeignKey(
        Petition, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signature form")
    )
    everybody = models.BooleanField(
        _("all signers of the form"), default=False, help_text=_("Where a database or a backup was taken.")
    )
    export = models.ForeignKey(
        "actions.Export", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("export")
    )
    package = models.ForeignKey(
        "actions.DeliveryPackage", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("package")
    )
    record = models.BigIntegerField(null=True, editable=False)  # of the export or package, which may be deleted
    user_id = models.IntegerField(_("user"), null=True, blank=True)  # outlives the account, as in the audit trail
    first_at = models.DateTimeField(_("from"), null=True, blank=True)
    last_at = models.DateTimeField(_("until"), null=True, blank=True)
    number = models.PositiveIntegerField(_("signers affected"), default=0)  # when it was counted last
    # By language: subject and body of the mail to those affected.
    words = models.JSONField(default=dict)
    authority_told_at = models.DateTimeField(_("told to the authority"), null=True)
    mailed_at = models.DateTimeField(_("told to those affected"), null=True)
    mailed = models.PositiveIntegerField(_("emails"), default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("breach")
        verbose_name_plural = _("breaches")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def authority_by(self) -> datetime:
        """When the authority must have been told, at the latest (art. 33 no. 1)."""
        return self.noticed_at + self.CLOCK
