"""The records of signing. Only `Signer` holds anything about a person, and it is sealed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import uuid_utils.compat as uuid
from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel

from actions.rules.errors import PetitionHasSignatures
from actions.rules.state import State, next_change, petition_state


class PetitionQuerySet(models.QuerySet["Petition"]):
    def with_total(self) -> PetitionQuerySet:
        """Adds `total`, the counted signatures of each."""
        return self.annotate(total=Tally.total_of("pk"))

    def delete(self) -> Any:
        if Signature.objects.filter(petition__in=self).exists():
            raise PetitionHasSignatures
        return super().delete()


class Petition(ClusterableModel):
    """The signature form of an action, shared by its page in every language. Holds rules and keys, no page's words."""

    name = models.CharField(
        _("name"),
        max_length=120,
        unique=True,
        help_text=_("For staff only, such as “Xinjiang 2018”. Visitors see the title of the page."),
    )
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    paused = models.BooleanField(_("paused"), default=False, editable=False)
    goal = models.PositiveIntegerField(
        _("goal"),
        null=True,
        blank=True,
        help_text=_("How many signatures to reach. When it is reached, the next step is shown by itself."),
    )
    hide_total_below = models.PositiveIntegerField(
        _("hide the total below"),
        default=0,
        help_text=_("The number of signatures is not shown before there are this many."),
    )
    ask_country = models.BooleanField(_("ask for country"), default=False)
    ask_postcode = models.BooleanField(_("ask for postcode"), default=False)
    ask_phone = models.BooleanField(_("ask for telephone number"), default=False)
    ask_comment = models.BooleanField(_("ask for a comment"), default=False)
    won_on = models.DateField(
        _("won on"),
        null=True,
        blank=True,
        help_text=_("The day the demands were met. Shown when the form has ended."),
    )
    public_key = models.BinaryField(editable=False, max_length=32)
    wrapped_secret_key = models.BinaryField(editable=False)
    digest_salt = models.BinaryField(editable=False, max_length=32)

    objects = PetitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature form")
        verbose_name_plural = _("signature forms")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("opens_at")), name="petition_ends_after_it_opens"),
            models.CheckConstraint(condition=Q(goal__gt=0), name="petition_goal_is_positive"),
        ]

    def __str__(self) -> str:
        return self.name

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        if self.signatures.exists():
            raise PetitionHasSignatures
        return super().delete(*args, **kwargs)

    def state(self, now: datetime, *, delivered: bool = False) -> State:
        return petition_state(
            opens_at=self.opens_at, ends_at=self.ends_at, now=now, delivered=delivered, won_on=self.won_on
        )

    def can_be_signed(self, now: datetime) -> bool:
        """What a page may promise. The database decides again at the insert."""
        return self.state(now) is State.OPEN and not self.paused

    def next_change(self, now: datetime) -> datetime | None:
        return next_change(opens_at=self.opens_at, ends_at=self.ends_at, now=now)

    def has_opened(self, now: datetime) -> bool:
        return self.opens_at is not None and self.opens_at <= now


class PetitionChange(models.Model):
    """Who changed when a petition can be signed, when and why. Never edited."""

    class Verb(models.TextChoices):
        CLOSE = "close", _("closed now")
        EXTEND = "extend", _("end moved")
        REOPEN = "reopen", _("reopened")
        PAUSE = "pause", _("paused")
        RESUME = "resume", _("resumed")

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="changes", verbose_name=_("signature form"))
    verb = models.CharField(_("what"), max_length=10, choices=Verb)
    reason = models.CharField(_("why"), max_length=250)
    before = models.JSONField()
    after = models.JSONField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("who")
    )
    at = models.DateTimeField(_("when"), db_default=Now())

    class Meta:
        verbose_name = _("change of a signature form")
        verbose_name_plural = _("changes of signature forms")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.verb}"


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


class SignatureQuerySet(models.QuerySet["Signature"]):
    def counted(self) -> SignatureQuerySet:
        return self.filter(state=Signature.State.COUNTED)


class Signature(models.Model):
    """One counted act of one e-mail address on one petition. No personal data."""

    class State(models.TextChoices):
        COUNTED = "counted", _("counted")
        AWAITING = "awaiting", _("awaiting confirmation")
        HELD = "held", _("held")
        INVALIDATED = "invalidated", _("invalidated")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid7, editable=False)
    petition = models.ForeignKey(
        Petition, models.PROTECT, related_name="signatures", db_index=False, verbose_name=_("signature form")
    )
    digest = models.BinaryField(max_length=32)
    canonical_version = models.PositiveSmallIntegerField()
    state = models.CharField(_("state"), max_length=11, choices=State)
    language = models.CharField(_("language"), max_length=12)
    country = models.CharField(_("country"), max_length=2, blank=True)
    signed_at = models.DateTimeField(_("signed"))

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            models.UniqueConstraint(fields=["petition", "digest"], name="one_signature_per_address"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Signer(models.Model):
    """The sealed person behind a signature. Erasing a person deletes this row and nothing else."""

    signature = models.OneToOneField(Signature, models.CASCADE, primary_key=True, related_name="signer")
    sealed = models.BinaryField()
    contact_action = models.BooleanField()
    contact_other = models.BooleanField()
    consent_text = models.ForeignKey(ConsentText, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("signer")
        verbose_name_plural = _("signers")

    def __str__(self) -> str:
        return str(self.signature_id)


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

    @classmethod
    def total_of(cls, petition: str) -> Coalesce:
        """The total of the petition in the field `petition` of an outer query, as an expression."""
        sums = cls.objects.filter(petition=OuterRef(petition)).order_by().values("petition").values(n=Sum("counted"))
        return Coalesce(Subquery(sums), 0)


class OutboxMail(models.Model):
    """The intent to send one mail, written in the transaction of the signature. Holds no address."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("receipt")

    id = models.UUIDField(primary_key=True, default=uuid.uuid7, editable=False)
    signature = models.ForeignKey(Signature, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind)
    created_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(db_default=0)
    sent_at = models.DateTimeField(null=True)
    gave_up_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("mail to send")
        verbose_name_plural = _("mails to send")
        constraints = [models.UniqueConstraint(fields=["signature", "kind"], name="one_mail_of_a_kind_per_signature")]
        indexes = [
            models.Index(fields=["due_at"], name="mail_due", condition=Q(sent_at=None, gave_up_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.id)
