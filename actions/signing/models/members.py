"""What the organisation's membership system is told of: who wants to hear from us, and who no longer does."""

from __future__ import annotations

import uuid as stdlib_uuid

import uuid_utils.compat as uuid
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .consent import ConsentText
from .petition import Petition


class MemberSystem(models.Model):
    """The one membership system: the key of its contacts, the epoch of its cursors, and how it answered lately."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    # After a restore numbers come again that were given before: a cursor says of which epoch it is.
    epoch = models.UUIDField(default=uuid.uuid7)
    begun_at = models.DateTimeField(db_default=Now())
    # Under it an address becomes the key of a contact. Wrapped by a master key, and used for nothing else.
    wrapped_key = models.BinaryField()
    wrapped_at = models.DateTimeField(db_default=Now())
    quiet_until = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(db_default=0)
    trouble_since = models.DateTimeField(null=True)
    stopped = models.CharField(max_length=10, blank=True, db_default="")  # the status that stopped it

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("membership system")
        verbose_name_plural = _("membership system")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_membership_system")]

    def __str__(self) -> str:
        return str(self.epoch)


class MemberContact(models.Model):
    """One person as the membership system knows her, over all actions. The key goes when no consent stands any more."""

    id = models.UUIDField(primary_key=True, default=stdlib_uuid.uuid4, editable=False)  # tells no time
    key = models.BinaryField(max_length=32, null=True, unique=True)
    # When she may have been told of first: an end is told from then on. And when that was taken with success.
    tried_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("contact of the membership system")
        verbose_name_plural = _("contacts of the membership system")

    def __str__(self) -> str:
        return str(self.id)


class MemberLink(models.Model):
    """That the consent of one signature was told to the membership system. Gone when the consent is.

    Ids instead of references: the end is told after the signer is gone.
    """

    signature_id = models.UUIDField(primary_key=True)
    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+", db_index=False)
    contact = models.ForeignKey(MemberContact, models.CASCADE, null=True, related_name="links")  # None: broken seal
    # False where the signature does not count at the moment, and may again.
    stands = models.BooleanField(db_default=True)
    given_at = models.DateTimeField()
    words = models.ForeignKey(ConsentText, models.PROTECT, null=True, related_name="+", db_index=False)
    seal = models.BinaryField(max_length=32)  # SHA-256 of the sealed signer that was told
    epoch = models.UUIDField()

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("consent told to the membership system")
        verbose_name_plural = _("consents told to the membership system")

    def __str__(self) -> str:
        return str(self.signature_id)


class MemberNotice(models.Model):
    """One thing to tell, in the order of its number, which is in the cursor of the pull interface. Holds no address."""

    class Kind(models.TextChoices):
        CONSENTED = "consented", _("wants to hear from us")
        UPDATED = "updated", _("has changed")
        ENDED = "ended", _("no longer wants to")
        RELEASED = "released", _("forgotten here, still wants to")
        TEST = "test", _("a test")

    class Reason(models.TextChoices):
        CONSENT_WITHDRAWN = "consent_withdrawn", _("took the consent back")
        ERASED = "erased", _("asked to be erased")
        SIGNATURE_WITHDRAWN = "signature_withdrawn", _("took the signature back")
        INVALIDATED = "invalidated", _("the signature does not count")
        RESTRICTED = "restricted", _("its use is restricted")
        COUNTED_AGAIN = "counted_again", _("the signature counts, or may be used, again")
        CORRECTED = "corrected", _("corrected what we hold")
        RETENTION = "retention", _("its time here was over")
        RESTORED = "restored", _("told again after a restore")

    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid7, null=True, unique=True)  # never given twice, whatever is restored
    epoch = models.UUIDField(null=True)  # None: told by an earlier version
    signature_id = models.UUIDField(_("signature"), null=True)
    petition = models.ForeignKey(
        Petition, models.CASCADE, null=True, related_name="+", verbose_name=_("signature form")
    )
    action = models.UUIDField(null=True)  # under which everybody knows the action
    ended_action = models.UUIDField(null=True)  # the one in which a consent ended, while that in `action` stands
    contact = models.UUIDField(null=True)
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    reason = models.CharField(_("why"), max_length=20, choices=Reason, blank=True, db_default="")
    happened_at = models.DateTimeField(_("when"), db_default=Now())
    given_at = models.DateTimeField(null=True)
    words = models.ForeignKey(ConsentText, models.PROTECT, null=True, related_name="+", db_index=False)
    seal = models.BinaryField(max_length=32, null=True)  # it is told only while the signer is as it was
    created_at = models.DateTimeField(_("noticed"), db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(_("tries"), db_default=0)
    sent_at = models.DateTimeField(_("delivered"), null=True)
    dead_at = models.DateTimeField(_("given up"), null=True)
    overtaken_at = models.DateTimeField(_("overtaken"), null=True)  # a later one says how it is now
    problem = models.CharField(_("problem"), max_length=60, blank=True, db_default="")

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("notice to the membership system")
        verbose_name_plural = _("notices to the membership system")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["due_at"], name="notice_due", condition=models.Q(sent_at=None, dead_at=None)),
            models.Index(
                fields=["contact", "id"],
                name="notice_of_contact_waits",
                condition=models.Q(sent_at=None, dead_at=None, overtaken_at=None),
            ),
            models.Index(fields=["signature_id"], name="notices_of_signature"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"

    @property
    def waits(self) -> bool:
        return self.sent_at is self.dead_at is self.overtaken_at is None


class MemberDelivery(models.Model):
    """One try to deliver a notice: when, what was answered, and how long it took. Kept for a month."""

    notice = models.ForeignKey(MemberNotice, models.CASCADE, related_name="deliveries")
    at = models.DateTimeField(_("when"), db_default=Now())
    status = models.PositiveSmallIntegerField(_("answer"), null=True)
    problem = models.CharField(_("problem"), max_length=60, blank=True, db_default="")
    milliseconds = models.PositiveIntegerField(_("milliseconds"))

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("delivery to the membership system")
        verbose_name_plural = _("deliveries to the membership system")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.status}"
