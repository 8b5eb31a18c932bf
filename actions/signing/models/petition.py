"""The signature form of an action: rules, instants and keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from taggit.models import TaggedItemBase

from actions.rules.errors import PetitionHasSignatures
from actions.rules.hosts import hosts
from actions.rules.retention import DEFAULT_DAYS, LATEST
from actions.rules.state import State, next_change, petition_state
from actions.signing.ends import beginning_in_words, end_in_words, goes_on_all_day


class PetitionQuerySet(models.QuerySet["Petition"]):
    def with_total(self) -> PetitionQuerySet:
        """Adds `total`, the counted signatures, how many of it are on `paper`, and what visitors see, `seen`."""
        from .counting import TOTAL, TotalSlot

        return self.annotate(
            total=TotalSlot.sum_of(TOTAL, "pk"),
            paper=TotalSlot.sum_of("paper", "pk"),
            removed=TotalSlot.sum_of("removed", "pk"),
            seen=F("public_total__online") + F("public_total__paper"),
        )

    def delete(self) -> Any:
        if self.filter(signatures__isnull=False).exists():
            raise PetitionHasSignatures
        return super().delete()


class PetitionTag(TaggedItemBase):
    """A word of staff's on a signature form, to find it by."""

    content_object = ParentalKey("actions.Petition", on_delete=models.CASCADE, related_name="tagged_items")

    wagtail_reference_index_ignore = True  # nothing links there

    class Meta:
        verbose_name = _("tag of a signature form")
        verbose_name_plural = _("tags of signature forms")


class Petition(ClusterableModel):
    """The signature form of an action, shared by its page in every language. Holds rules and keys, no page's words."""

    class HoldGround(models.TextChoices):
        CLAIM = "claim", _("needed for a legal claim")
        LAW = "law", _("a law asks for it to be kept")

    class Counting(models.TextChoices):
        AT_ONCE = "at_once", _("at once")
        CONFIRMED = "confirmed", _("after confirmation by email")

    class HandedOver(models.TextChoices):
        NUMBER = "number", _("the number only")
        NAME = "name", _("name")
        COUNTRY = "country", _("name and country")
        PLACE = "place", _("name, place and country")

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
    handed_over = models.CharField(
        _("what is handed over"),
        max_length=10,
        choices=HandedOver,
        default=HandedOver.NUMBER,
        db_default=HandedOver.NUMBER,
        help_text=_(
            "More than the number is handed over only of signers who tick so, and the form tells them to whom and to "
            "which country. Outside the European Economic Area a state may punish those on a list or their families: "
            "leave it at the number there unless the names are what the action is about. A change counts for those who "
            "sign afterwards."
        ),
    )
    minimum_age = models.PositiveSmallIntegerField(
        _("minimum age"),
        null=True,
        blank=True,
        validators=[MinValueValidator(13), MaxValueValidator(18)],
        help_text=_(
            "Signers tick that they are this old. A birth date is never asked for, and the tick is not stored: nobody "
            "can sign without it. 18: high-risk mode, and lists of names that leave the European Economic Area; a "
            "child should not decide that alone. 15: otherwise, because a signature tells of political opinions. 13: "
            "the least the law allows online in Norway, for the number only. Empty: no age is asked about."
        ),
    )
    counting = models.CharField(_("when a signature counts"), max_length=10, choices=Counting, default=Counting.AT_ONCE)
    show_names = models.BooleanField(
        _("offer to show a name and the place"),
        default=False,
        help_text=_(
            "Signers may tick it, and say so again from their email. Names appear some hours later, in no order, and "
            "go when the signature goes."
        ),
    )
    look_at_names = models.BooleanField(
        _("names appear once somebody has looked at them"),
        default=False,
        db_default=False,
        help_text=_("They wait under “Review” until you show them. Nobody can put a word on your page then."),
    )
    high_risk = models.BooleanField(
        _("high-risk mode"),
        default=False,
        help_text=_(
            "For actions where signing itself is dangerous: only name and email are asked for, a signature counts "
            "once a code from an email is typed that names neither the action nor you, and a name is handed over only "
            "if the signer ticks so. Once the form has opened it stays: signers were promised it."
        ),
    )
    embed_hosts = models.TextField(
        _("sites that may embed the form"),
        blank=True,
        max_length=5000,
        help_text=_("One on each line, such as www.example.org. Empty: no other site can show the form."),
    )
    retention_days = models.PositiveSmallIntegerField(
        _("days until signers are forgotten"),
        default=DEFAULT_DAYS,
        validators=[MaxValueValidator(LATEST.days)],
        help_text=_("After the hand-over; at the latest half a year after the end. The number of signatures stays."),
    )
    legal_hold = models.BooleanField(_("legal hold"), default=False, editable=False)
    # The ground is public: the notice tells it. Why and until when is for staff.
    hold_ground = models.CharField(
        _("ground of the hold"), max_length=5, choices=HoldGround, blank=True, db_default="", editable=False
    )
    hold_reason = models.CharField(_("why"), max_length=200, blank=True, db_default="", editable=False)
    hold_until = models.DateField(_("to be looked at again"), null=True, editable=False)
    forgotten_at = models.DateTimeField(_("signers forgotten"), null=True, editable=False)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible"),
        help_text=_("Gets an email when something unusual happens."),
    )
    outcome_asked_at = models.DateTimeField(null=True, editable=False)  # when somebody was reminded of the outcome
    won_on = models.DateField(
        _("won on"),
        null=True,
        blank=True,
        help_text=_("The day the demands were met. Shown when the form has ended."),
    )
    tags = ClusterTaggableManager(
        through=PetitionTag,
        blank=True,
        verbose_name=_("tags"),
        help_text=_("For staff only: words to find forms by, such as “Asia”."),
    )
    notes = models.TextField(
        _("notes"),
        blank=True,
        db_default="",
        max_length=5000,
        help_text=_("For staff only; they stand on the desk. Do not write the name or address of anybody who signed."),
    )
    public_key = models.BinaryField(editable=False, max_length=32)
    digest_salt = models.BinaryField(editable=False, max_length=32)

    objects = PetitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature form")
        verbose_name_plural = _("signature forms")
        permissions = [("close_petition", "Can open, close and pause signature forms")]
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("opens_at")), name="petition_ends_after_it_opens"),
            models.CheckConstraint(condition=Q(goal__gt=0), name="petition_goal_is_positive"),
            models.CheckConstraint(
                condition=Q(high_risk=False)
                | Q(
                    counting="confirmed",
                    ask_country=False,
                    ask_postcode=False,
                    ask_phone=False,
                    ask_comment=False,
                    show_names=False,
                ),
                name="high_risk_asks_for_little",
            ),
            models.CheckConstraint(
                condition=Q(high_risk=False) | Q(handed_over__in=["number", "name"]),
                name="high_risk_hands_over_names_at_most",
            ),
            models.CheckConstraint(
                condition=Q(ask_country=True) | ~Q(handed_over__in=["country", "place"]),
                name="what_is_handed_over_is_asked",
            ),
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

    @property
    def asks_place(self) -> bool:
        """Whether the form has a field for the place: for the page, for the list, or for both."""
        return self.show_names or self.handed_over == self.HandedOver.PLACE

    def opening_in_words(self) -> str:
        return beginning_in_words(self.opens_at)

    def end_in_words(self) -> str:
        return end_in_words(self.ends_at)

    def goes_on_all_day(self) -> bool:
        return self.ends_at is not None and goes_on_all_day(self.ends_at)

    def frame_ancestors(self) -> list[str]:
        """Sites that may show the form in a frame, as sources of a Content-Security-Policy."""
        return hosts(self.embed_hosts)[0]

    def clean(self) -> None:
        super().clean()
        if wrong := hosts(self.embed_hosts)[1]:
            message = _("This is not the name of a site: %(line)s. Write it like www.example.org, one on each line.")
            raise ValidationError({"embed_hosts": ValidationError(message, params={"line": wrong[0][:80]})})

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


class PetitionSecret(models.Model):
    """The secret key of a petition, wrapped by a master key. A table of its own: the public process cannot read it."""

    petition = models.OneToOneField(Petition, models.CASCADE, primary_key=True, related_name="secret")
    wrapped_key = models.BinaryField(editable=False)
    wrapped_at = models.DateTimeField(db_default=Now())

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("wrapped key")
        verbose_name_plural = _("wrapped keys")

    def __str__(self) -> str:
        return str(self.petition_id)


class KeyCheck(models.Model):
    """What one of our secrets makes of a fixed text: another one in its place is noticed by it. It opens nothing."""

    name = models.CharField(max_length=20, primary_key=True, editable=False)
    value = models.BinaryField(max_length=32, editable=False)

    class Meta:
        verbose_name = _("check of a key")
        verbose_name_plural = _("checks of keys")

    def __str__(self) -> str:
        return self.name


class MasterKey(models.Model):
    """That a master key is or was in use, by a fingerprint that opens nothing: when it must be changed, and burnt.

    What is destroyed in the database lives on for a while in its log, on replicas and in backups. Only a master key
    that exists no more makes an end of that, so each is changed every quarter.
    """

    fingerprint = models.CharField(max_length=16, primary_key=True, editable=False)
    since = models.DateTimeField(db_default=Now())
    replaced_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("master key")
        verbose_name_plural = _("master keys")

    def __str__(self) -> str:
        return self.fingerprint
