"""What was done with signer data, what signers asked for, and who must stay erased."""

from __future__ import annotations

from typing import Self

import uuid_utils.compat as uuid
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .petition import Petition
from .signature import Signature


class AuditQuerySet(models.QuerySet):
    def about_signers(self) -> Self:
        """Touches of signer data and of what guards it, without what staff's accounts and rights went through."""
        return self.exclude(verb__in=AuditRecord.ABOUT_ACCOUNTS)


class AuditRecord(models.Model):
    """One touch of signer data, or of what guards it. Only ever added; a trigger refuses anything else.

    Ids instead of references: a record outlives whom and what it tells of, and holds no signer data itself.
    """

    class Verb(models.TextChoices):
        MAILED = "mailed", _("opened to send an email")
        OPENED = "opened", _("opened")
        MATCHED = "matched", _("opened to see whether a rule fits")
        SEARCHED = "searched", _("looked for an address")
        DISCLOSED = "disclosed", _("given to the signer")
        CORRECTED = "corrected", _("corrected")
        WITHDRAWN = "withdrawn", _("withdrawn")
        REFUSED = "refused", _("signed by somebody else, said the owner of the address")
        ERASED = "erased", _("erased")
        CONSENT = "consent", _("consent ended or given")
        RELEASED = "released", _("counted after review")
        HELD = "held", _("held")
        INVALIDATED = "invalidated", _("taken out after review")
        UNDONE = "undone", _("a decision undone")
        NAMES = "names", _("first names shown")
        FORGOTTEN = "forgotten", _("personal data deleted")
        KEY_DESTROYED = "key_destroyed", _("key destroyed")
        KEY_ROTATED = "key_rotated", _("key wrapped anew")
        WAITS = "waits", _("erasure put off by a legal hold")
        LEGAL_HOLD = "legal_hold", _("deletion stopped or allowed again")
        LIMITS = "limits", _("signing limits changed")
        EXPORT_ASKED = "export_asked", _("asked for an export")
        EXPORTED = "exported", _("opened for an export")
        DOWNLOADED = "downloaded", _("took a file")
        PACKED = "packed", _("opened for a hand-over")
        IMPORTED = "imported", _("imported")
        MOVED = "moved", _("address changed")
        RESTRICTED = "restricted", _("use restricted")
        LIFTED = "lifted", _("restriction lifted")
        OBJECTED = "objected", _("objection noted")
        AFFECTED = "affected", _("looked for those affected")
        NOTIFIED = "notified", _("told of a breach")
        SHARED = "shared", _("given to the membership system")
        BROKEN = "broken", _("could not be opened")
        RESTORED = "restored", _("erased again after a restore")
        UNLISTED = "unlisted", _("name taken off the lists to come")
        DELIVERY = "delivery", _("delivery changed")
        ALLOWED = "allowed", _("the number may go to somebody else")
        SENT_AGAIN = "sent_again", _("request to confirm sent again")
        # Accounts: written by triggers of the database and by the signals of logging in (actions/accounts/trail.py).
        LOGGED_IN = "logged_in", _("logged in")
        LOGIN_FAILED = "login_failed", _("log-in failed")
        LOGGED_OUT = "logged_out", _("logged out")
        FACTOR_ADDED = "factor_added", _("second step set up")
        FACTOR_REMOVED = "factor_removed", _("second step taken away")
        FACTOR_FAILED = "factor_failed", _("second step failed")
        FACTOR_SEALED = "factor_sealed", _("second step encrypted anew")
        CODES_MADE = "codes_made", _("recovery codes made")
        CODE_USED = "code_used", _("recovery code used")
        PASSWORD = "password", _("password set")
        INVITED = "invited", _("invitation sent")
        USER_MADE = "user_made", _("user made")
        USER_CHANGED = "user_changed", _("user changed")
        USER_OFF = "user_off", _("user switched off")
        USER_ON = "user_on", _("user switched on")
        USER_DELETED = "user_deleted", _("user deleted")
        SUPERUSER_MADE = "superuser_made", _("made superuser")
        SUPERUSER_TAKEN = "superuser_taken", _("no longer superuser")
        ROLE_ASKED = "role_asked", _("role proposed")
        ROLE_REFUSED = "role_refused", _("proposed role refused")
        ROLE_CONFIRMED = "role_confirmed", _("proposed role confirmed")
        ROLE_GIVEN = "role_given", _("role given")
        ROLE_TAKEN = "role_taken", _("role taken away")
        RIGHT_GIVEN = "right_given", _("right given")
        RIGHT_TAKEN = "right_taken", _("right taken away")
        GROUP_MADE = "group_made", _("group made")
        GROUP_CHANGED = "group_changed", _("rights of a group changed")
        GROUP_DELETED = "group_deleted", _("group deleted")
        NETWORK = "network", _("shared network changed")
        LISTED = "listed", _("block or allow list changed")

    ABOUT_ACCOUNTS = frozenset(list(Verb)[list(Verb).index(Verb.LOGGED_IN) :])

    class Actor(models.TextChoices):
        SIGNER = "signer", _("signer")
        STAFF = "staff", _("staff")
        WORKER = "worker", _("the site itself")
        COMMAND = "command", _("a command")
        NOBODY = "nobody", _("somebody who was not logged in")

    at = models.DateTimeField(_("when"), db_default=Now())
    actor = models.CharField(_("by"), max_length=10, choices=Actor)
    actor_id = models.IntegerField(_("user"), null=True)
    verb = models.CharField(_("what"), max_length=15, choices=Verb)
    petition_id = models.BigIntegerField(_("signature form"), null=True)
    signature_id = models.UUIDField(_("signature"), null=True)
    account_id = models.IntegerField(_("about the user"), null=True)
    number = models.PositiveIntegerField(_("how many"), db_default=1)
    purpose = models.CharField(_("why"), max_length=250, blank=True, db_default="")

    objects = AuditQuerySet.as_manager()

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("audit record")
        verbose_name_plural = _("audit trail")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["petition_id", "id"], name="audit_of_a_petition"),
            models.Index(fields=["signature_id"], condition=models.Q(verb="broken"), name="audit_of_broken_seals"),
            # When a signer was corrected, for the membership system.
            models.Index(fields=["signature_id"], name="audit_of_corrections", condition=models.Q(verb="corrected")),
            # Of mails there are as many as signatures, and nobody asks for them by verb.
            models.Index(fields=["verb", "at"], name="audit_by_verb", condition=~models.Q(verb="mailed")),
            models.Index(fields=["actor_id", "at"], name="audit_of_a_person", condition=models.Q(actor="staff")),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.verb}"


class TouchedSigner(models.Model):
    """That a record of the audit trail about several signers is about this one: an export, a list, names on a screen.

    Goes with the signer, by a trigger. Seals opened by the site itself to send a mail or match a rule are not here.
    """

    record = models.BigIntegerField()
    signature = models.ForeignKey(Signature, models.DO_NOTHING, related_name="touched", db_index=False)

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("signer of an audit record")
        verbose_name_plural = _("signers of audit records")
        constraints = [models.UniqueConstraint(fields=["signature", "record"], name="touched_once")]
        indexes = [models.Index(fields=["record"], name="touched_of_a_record")]

    def __str__(self) -> str:
        return f"{self.record} {self.signature_id}"


class Restriction(models.Model):
    """That a signer's data may only be stored (art. 18): not listed, exported, shown, mailed or given to anybody.

    The consents stay as they are; they hold again when it is lifted. Goes with the signer, by a trigger.
    """

    signature = models.OneToOneField(Signature, models.DO_NOTHING, primary_key=True, related_name="restriction")
    since = models.DateTimeField(_("since"), db_default=Now())

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("restriction")
        verbose_name_plural = _("restrictions")

    def __str__(self) -> str:
        return str(self.signature_id)


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


class Withdrawal(models.Model):
    """That the owner of an address has left: its digest alone, so that nothing brings her back, nor counts her twice.

    Without id, time and language, so that nothing leads to the signature that was. No file of earlier signatures brings
    her in; whether she may sign anew, `never` and `taken` say. Nobody looks an address up here but the verbs that would
    count it. It goes when the petition forgets its signers.
    """

    digest = models.BinaryField(primary_key=True, max_length=32)  # as in `Signature`: under the petition's salt
    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+")
    never = models.BooleanField(default=False, db_default=False)  # nobody may sign with it: so its owner said by a link
    taken = models.BooleanField(default=False, db_default=False)  # somebody erased signed with it, and that stands

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")

    def __str__(self) -> str:
        return "withdrawal"


class WaitingErasure(models.Model):
    """That somebody is to be erased as soon as a legal hold ends. Until then the data is used for nothing else."""

    signature = models.OneToOneField(Signature, models.CASCADE, primary_key=True, related_name="waiting_erasure")
    withdrawn = models.BooleanField()
    asked_at = models.DateTimeField(db_default=Now())

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("erasure that waits")
        verbose_name_plural = _("erasures that wait")

    def __str__(self) -> str:
        return str(self.signature_id)


class Tombstone(models.Model):
    """That the person of a signature was erased, so that a restored backup can be made to forget again."""

    signature_id = models.UUIDField(primary_key=True)
    withdrawn = models.BooleanField()
    at = models.DateTimeField(db_default=Now())

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("erased person")
        verbose_name_plural = _("erased persons")
        indexes = [models.Index(fields=["at"], name="erased_since")]

    def __str__(self) -> str:
        return str(self.signature_id)
