"""What was done with signer data, what signers asked for, and who must stay erased."""

from __future__ import annotations

import uuid_utils.compat as uuid
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .signature import Signature


class AuditRecord(models.Model):
    """One touch of signer data, or of what guards it. Only ever added; a trigger refuses anything else.

    Ids instead of references: a record outlives whom and what it tells of, and holds no signer data itself.
    """

    class Verb(models.TextChoices):
        MAILED = "mailed", _("opened to send a mail")
        OPENED = "opened", _("opened")
        SEARCHED = "searched", _("looked for an address")
        DISCLOSED = "disclosed", _("given to the signer")
        CORRECTED = "corrected", _("corrected")
        WITHDRAWN = "withdrawn", _("withdrawn")
        ERASED = "erased", _("erased")
        CONSENT = "consent", _("contact ended")
        RELEASED = "released", _("counted after review")
        HELD = "held", _("held")
        INVALIDATED = "invalidated", _("taken out after review")
        UNDONE = "undone", _("a decision undone")
        NAMES = "names", _("first names shown")
        FORGOTTEN = "forgotten", _("personal data deleted")
        KEY_DESTROYED = "key_destroyed", _("key destroyed")
        KEY_ROTATED = "key_rotated", _("key wrapped anew")
        LEGAL_HOLD = "legal_hold", _("deletion stopped or allowed again")
        LIMITS = "limits", _("signing limits changed")
        EXPORT_ASKED = "export_asked", _("asked for an export")
        EXPORTED = "exported", _("opened for an export")
        DOWNLOADED = "downloaded", _("took a file")
        PACKED = "packed", _("opened for a hand-over")
        IMPORTED = "imported", _("imported")
        SHARED = "shared", _("given to the membership system")
        BROKEN = "broken", _("could not be opened")
        RESTORED = "restored", _("erased again after a restore")

    class Actor(models.TextChoices):
        SIGNER = "signer", _("signer")
        STAFF = "staff", _("staff")
        WORKER = "worker", _("the site itself")
        COMMAND = "command", _("a command")

    at = models.DateTimeField(_("when"), db_default=Now())
    actor = models.CharField(_("by"), max_length=10, choices=Actor)
    actor_id = models.IntegerField(_("user"), null=True)
    verb = models.CharField(_("what"), max_length=15, choices=Verb)
    petition_id = models.BigIntegerField(_("signature form"), null=True)
    signature_id = models.UUIDField(_("signature"), null=True)
    number = models.PositiveIntegerField(_("how many"), db_default=1)
    purpose = models.CharField(_("why"), max_length=250, blank=True, db_default="")

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("audit record")
        verbose_name_plural = _("audit trail")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["petition_id", "id"], name="audit_of_a_petition"),
            models.Index(fields=["signature_id"], condition=models.Q(verb="broken"), name="audit_of_broken_seals"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.verb}"


class SignerRequest(models.Model):
    """What a signer asked for by a mailed link and a process with keys must do: correct the name, give a copy.

    `sealed` is a correction sealed to the petition's key; `copy_key` the public half of a key derived from the link
    itself, to which the copy is sealed, so that only who holds the link can open it.
    """

    class Kind(models.TextChoices):
        CORRECT = "correct", _("correct the name")
        COPY = "copy", _("give a copy")

    id = models.UUIDField(primary_key=True, default=uuid.uuid7, editable=False)
    signature = models.ForeignKey(Signature, models.CASCADE, related_name="requests")
    kind = models.CharField(max_length=10, choices=Kind)
    sealed = models.BinaryField(null=True)
    copy_key = models.BinaryField(max_length=32, null=True)
    copy = models.BinaryField(null=True)
    asked_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)
    failed = models.CharField(max_length=60, blank=True, db_default="")

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("request of a signer")
        verbose_name_plural = _("requests of signers")
        indexes = [models.Index(fields=["asked_at"], name="request_waiting", condition=models.Q(done_at=None))]

    def __str__(self) -> str:
        return str(self.pk)


class Tombstone(models.Model):
    """That the person of a signature was erased, so that a restored backup can be made to forget again."""

    signature_id = models.UUIDField(primary_key=True)
    withdrawn = models.BooleanField()
    at = models.DateTimeField(db_default=Now())

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("erased person")
        verbose_name_plural = _("erased persons")

    def __str__(self) -> str:
        return str(self.signature_id)
