"""Who wants to be told when an action opens."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .petition import Petition


class OpeningReminder(models.Model):
    """A mail that was asked for, for when a form opens: sent only where the mailbox said yes, and forgotten then.

    `sealed` holds the address, to the key of the petition, and is empty once it is not to be written to; the digest
    stays until the opening, so that nobody asks the same mailbox again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+")
    digest = models.BinaryField(max_length=32)  # as `Signature.digest`
    sealed = models.BinaryField()
    language = models.CharField(max_length=10)
    link_hash = models.BinaryField(max_length=32, null=True)  # SHA-256 of the 32 random bytes in the link
    created_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(db_default=0)
    asked_at = models.DateTimeField(null=True)  # when the mailbox was asked
    confirmed_at = models.DateTimeField(null=True)  # when it said yes

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("reminder of an opening")
        verbose_name_plural = _("reminders of openings")
        indexes = [
            models.Index(fields=["petition", "digest"], name="reminders_of_an_address"),
            models.Index(fields=["due_at"], name="reminders_due"),
            models.Index(fields=["link_hash"], name="reminders_by_link"),
        ]

    def __str__(self) -> str:
        return str(self.id)
