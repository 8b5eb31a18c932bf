"""What looks wrong: held signatures, what staff decided about them, and alarms."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .petition import Petition
from .signature import Signature

SUBJECT = 120  # signs of what an alarm is about


class Hold(models.Model):
    """Why a signature is held. Goes when it is released or invalidated, and the network's hash with it."""

    class Reason(models.TextChoices):
        TRAP = "trap", _("a field that people cannot see was filled in")
        PACE = "pace", _("sent faster than a person can")
        NETWORK = "network", _("many from one network")
        STAFF = "staff", _("held by staff")
        BLOCKED = "blocked", _("on the block list")

    signature = models.OneToOneField(Signature, models.CASCADE, primary_key=True, related_name="hold")
    reason = models.CharField(_("why"), max_length=10, choices=Reason)
    # Eight bytes of a hash under a key that lived an hour in memory: it groups one hour's signatures and no more.
    network = models.BinaryField(max_length=8, null=True)
    held_at = models.DateTimeField(_("held"), db_default=Now())

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("held signature")
        verbose_name_plural = _("held signatures")

    def __str__(self) -> str:
        return str(self.signature_id)


class ReviewRule(models.Model):
    """One decision of staff about one or many signatures: what, which, why, by whom. Undone as a whole."""

    class Verb(models.TextChoices):
        RELEASE = "release", _("count them")
        HOLD = "hold", _("hold them")
        INVALIDATE = "invalidate", _("take them out")
        COUNT = "count", _("count one by hand")

    class Progress(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    petition = models.ForeignKey(
        Petition, models.PROTECT, related_name="review_rules", verbose_name=_("signature form")
    )
    verb = models.CharField(_("what"), max_length=10, choices=Verb)
    reason = models.CharField(_("why"), max_length=250)
    criteria = models.JSONField(default=dict)  # see signing.review.Criteria
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("who")
    )
    at = models.DateTimeField(_("when"), db_default=Now())
    progress = models.CharField(_("progress"), max_length=10, choices=Progress, default=Progress.WAITING)
    expected = models.PositiveIntegerField(_("expected"), default=0)
    matched = models.PositiveIntegerField(_("matched"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    after = models.UUIDField(null=True)  # the last signature looked at: where an interrupted run goes on

    class Meta:
        verbose_name = _("decision about signatures")
        verbose_name_plural = _("decisions about signatures")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.verb} {self.pk}"


class ReviewRuleItem(models.Model):
    """A signature that a decision changed, and what it was before."""

    rule = models.ForeignKey(ReviewRule, models.CASCADE, related_name="items", db_index=False)
    signature = models.ForeignKey(Signature, models.CASCADE, related_name="+")
    before = models.CharField(max_length=11)
    hold_reason = models.CharField(max_length=10, blank=True)

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("signature of a decision")
        verbose_name_plural = _("signatures of decisions")
        constraints = [models.UniqueConstraint(fields=["rule", "signature"], name="one_item_per_rule_and_signature")]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.signature_id}"


class LookedUp(models.Model):
    """How often addresses were looked up by then: `called` in all, `kept` where the transaction was not taken back."""

    at = models.DateTimeField(db_default=Now())
    called = models.BigIntegerField()
    kept = models.BigIntegerField()

    class Meta:
        verbose_name = _("look-ups")
        verbose_name_plural = _("look-ups")

    def __str__(self) -> str:
        return str(self.pk)


class AlarmQuerySet(models.QuerySet["Alarm"]):
    def raise_once(
        self, kind: Alarm.Kind, *, number: int, hour: datetime, petition: Petition | None = None, subject: str = ""
    ) -> list[Alarm]:
        """Raise an alarm, once of its kind for a petition (or the whole site), a subject and an hour; returns the new
        one, or nothing."""
        alarm, is_new = self.get_or_create(
            kind=kind, petition=petition, subject=subject[:SUBJECT], hour=hour, defaults={"number": number}
        )
        return [alarm] if is_new else []

    def waiting(self) -> AlarmQuerySet:
        """Those that nobody has been mailed of, in the order in which they were raised."""
        return self.filter(mailed_at=None).order_by("pk")

    def note_mailed(self) -> None:
        """Write down that they have been told."""
        self.update(mailed_at=timezone.now())


class Alarm(models.Model):
    """A jump that somebody should look at. Told once."""

    class Kind(models.TextChoices):
        HOUR = "hour", _("many signatures in an hour")
        COUNTRY = "country", _("many from one country")
        DOMAIN = "domain", _("many from one email domain")
        HELD = "held", _("many held")
        MAIL = "mail", _("too many emails")
        MAILS_SOON = "mails soon", _("many emails: sending stops soon")
        COUNT = "count", _("a count that was wrong")
        KEY = "key", _("the master key is to be changed")
        PROBES = "probes", _("addresses tried without a trace")
        HOLD = "hold", _("a legal hold is to be looked at again")
        ROLE = "role", _("a role of the database has other settings")
        SUPERUSER = "superuser", _("a new superuser")
        RIGHTS = "rights", _("somebody's rights changed")
        FACTOR = "factor", _("somebody's second step was taken away")
        LOGINS = "logins", _("many failed log-ins")
        NAMES = "names", _("many names opened by one person")
        NAMES_LIMIT = "nameslimit", _("the limit of opened names was reached")
        EXPORTS = "exports", _("many exports by one person")
        CLAIM = "claim", _("many signers taken for a legal claim")
        MEMBERS = "members", _("the membership system is not told")
        PICTURES = "pictures", _("pictures that cannot be made")
        SECRET = "secret", _("a secret that is not this database's")

    # Told to administrators, all that waits in one mail (actions/web/alarm_mail.py).
    ABOUT_ACCOUNTS = frozenset({Kind.SUPERUSER, Kind.RIGHTS, Kind.FACTOR, Kind.LOGINS})

    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    petition = models.ForeignKey(
        Petition, models.CASCADE, null=True, related_name="alarms", verbose_name=_("signature form")
    )
    subject = models.CharField(_("which"), max_length=SUBJECT, blank=True)
    number = models.PositiveIntegerField(_("number"))
    hour = models.DateTimeField(_("hour"))
    raised_at = models.DateTimeField(_("raised"), db_default=Now())
    mailed_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(_("seen"), null=True)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = AlarmQuerySet.as_manager()

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "petition", "subject", "hour"], nulls_distinct=False, name="one_alarm_per_hour"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.petition_id} {self.hour:%Y-%m-%d %H}"
