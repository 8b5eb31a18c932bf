"""What is to be mailed, and the links in mails. No address stands in any of these."""

from __future__ import annotations

import uuid_utils.compat as uuid
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .signature import Signature


class OutboxMail(models.Model):
    """The intent to send one mail, written in the transaction of the signature. Holds no address."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("receipt")
        CONFIRM = "confirm", _("request to confirm")
        CODE = "code", _("code to confirm with, and nothing else")
        REMINDER = "reminder", _("reminder to confirm")
        AGAIN = "again", _("you have signed already")
        LINK = "link", _("link to my signature")
        UPDATE = "update", _("email to signers")
        HANDED = "handed", _("your name was handed over")

    id = models.UUIDField(primary_key=True, default=uuid.uuid7, editable=False)
    signature = models.ForeignKey(Signature, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind)
    mailing = models.ForeignKey("actions.Mailing", models.CASCADE, null=True, related_name="+", db_index=False)
    incident = models.ForeignKey(
        "actions.Incident", models.CASCADE, null=True, related_name="+", db_index=False, db_constraint=False
    )
    created_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(db_default=0)
    sent_at = models.DateTimeField(null=True)
    gave_up_at = models.DateTimeField(null=True)
    gave_up_why = models.CharField(max_length=60, blank=True, db_default="")
    bounced_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("email to send")
        verbose_name_plural = _("emails to send")
        constraints = [
            # A link can be asked for again, and there may be several mailings; everything else is sent once, ever.
            models.UniqueConstraint(
                fields=["signature", "kind"],
                condition=~Q(kind__in=["link", "update"]),
                name="one_mail_of_a_kind_per_signature",
            ),
            models.UniqueConstraint(fields=["mailing", "signature"], name="one_mail_per_mailing_and_signature"),
            models.UniqueConstraint(
                fields=["incident", "signature"],
                condition=Q(incident__isnull=False),
                name="one_mail_per_incident_and_signature",
            ),
            models.CheckConstraint(
                condition=Q(kind="update", mailing__isnull=False, incident=None)
                | Q(kind="update", mailing=None, incident__isnull=False)
                | (~Q(kind="update") & Q(mailing=None, incident=None)),
                name="mail_of_a_mailing_is_an_update",
            ),
        ]
        indexes = [
            models.Index(fields=["signature"], name="mails_of_a_signature"),
            models.Index(fields=["sent_at"], name="confirmations_sent", condition=Q(kind="confirm")),
            models.Index(fields=["sent_at"], name="codes_sent", condition=Q(kind="code")),
            models.Index(fields=["due_at"], name="mail_due", condition=Q(sent_at=None, gave_up_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.id)


class SignerLink(models.Model):
    """What a mailed link opens. Only a hash of its secret is here: whoever has the database can make no link."""

    hash = models.BinaryField(primary_key=True, max_length=32)  # SHA-256 of the 32 random bytes in the link
    signature = models.ForeignKey(Signature, models.CASCADE, related_name="links")
    code_hash = models.BinaryField(max_length=32, null=True)  # keyed hash of the code that can be typed instead
    created_at = models.DateTimeField(db_default=Now())
    opened_at = models.DateTimeField(null=True)  # no longer written; goes with the next release

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("link to a signature")
        verbose_name_plural = _("links to signatures")

    def __str__(self) -> str:
        return str(self.signature_id)


class CodeTry(models.Model):
    """That somebody typed a code for an address, right or wrong; see actions_try_code.

    It is answered in another `transaction` than the one that has written it: nobody can try and take it back.
    """

    digest = models.BinaryField(max_length=32)
    code_hash = models.BinaryField(max_length=32, null=True)  # as in SignerLink
    transaction = models.BigIntegerField(db_default=0)  # PostgreSQL's number of it
    at = models.DateTimeField(db_default=Now())

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("try of a code")
        verbose_name_plural = _("tries of codes")
        indexes = [models.Index(fields=["digest", "at"], name="tries_of_a_digest")]

    def __str__(self) -> str:
        return str(self.pk)


class LinkRequest(models.Model):
    """That a link was asked for by an address: its value without a salt, for the seconds until a worker looks it up."""

    value = models.BinaryField(max_length=32)
    at = models.DateTimeField(db_default=Now())

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("request for a link")
        verbose_name_plural = _("requests for links")

    def __str__(self) -> str:
        return str(self.pk)


class AddressMail(models.Model):
    """That a mail went to some address: a keyed hash and a time, for a day. It keeps mailboxes from being flooded."""

    class Budget(models.TextChoices):
        CODE = "code", _("codes")
        CONFIRM = "confirm", _("requests to confirm")
        OTHER = "other", _("anything else")

    key = models.BinaryField(max_length=32)
    budget = models.CharField(max_length=7, choices=Budget, default=Budget.OTHER, db_default=Budget.OTHER)
    at = models.DateTimeField(db_default=Now())

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("email of the day")
        verbose_name_plural = _("emails of the day")
        indexes = [
            models.Index(fields=["key", "at"], name="mails_to_an_address"),
            models.Index(fields=["at"], name="mails_by_time"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
