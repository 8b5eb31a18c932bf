"""Work that staff start and that takes a while, and the sealed files it leaves for them."""

from __future__ import annotations

import uuid_utils.compat as uuid
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .petition import Petition


class SealedFile(models.Model):
    """A file with personal data, encrypted chunk by chunk under a key of its own; never on a disk in the clear.

    In the database, so that whichever process serves it finds it, and a killed worker leaves nothing beside it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid7, editable=False)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    wrapped_key = models.BinaryField(editable=False)
    size = models.BigIntegerField(default=0)
    complete = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("sealed file")
        verbose_name_plural = _("sealed files")
        indexes = [models.Index(fields=["expires_at"], name="files_by_expiry")]

    def __str__(self) -> str:
        return str(self.pk)


class SealedChunk(models.Model):
    """A part of a sealed file; file and number are bound to it, so that parts cannot change places."""

    file = models.ForeignKey(SealedFile, models.CASCADE, related_name="chunks", db_index=False)
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("part of a sealed file")
        verbose_name_plural = _("parts of sealed files")
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="one_chunk_per_number")]

    def __str__(self) -> str:
        return f"{self.file_id} {self.number}"


class StaffWork(models.Model):
    """How far work has come that staff wait for. Done by whoever claims it; see `signing.work`."""

    class Progress(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    # Of what is made. Of an import: of signatures whose row names none.
    language = models.CharField(_("language"), max_length=12, blank=True, default="", db_default="")
    progress = models.CharField(_("progress"), max_length=10, choices=Progress, default=Progress.WAITING)
    done = models.PositiveIntegerField(_("done"), default=0)
    expected = models.PositiveIntegerField(_("expected"), default=0)
    failed = models.CharField(max_length=60, blank=True, default="", editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("who"), editable=False
    )
    at = models.DateTimeField(_("when"), db_default=Now())
    touched_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)

    # Given by each: whose signers it is about.
    petition_id: int

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.pk}"

    @property
    def is_over(self) -> bool:
        return self.progress in (self.Progress.DONE, self.Progress.FAILED)

    @property
    def percent(self) -> int:
        """Whole per cent of what is expected, 100 only when it is done."""
        if self.progress == self.Progress.DONE:
            return 100
        return min(99, self.done * 100 // self.expected) if self.expected else 0


class Export(StaffWork):
    """A file of signatures that somebody asked for: which, what of them, what for. Downloaded once, or it expires."""

    class Format(models.TextChoices):
        CSV = "csv", _("CSV")
        XLSX = "xlsx", _("Excel (XLSX)")
        SEMICOLONS = "scsv", _("CSV for Excel, with semicolons")

        @property
        def suffix(self) -> str:
            """How the name of a file ends."""
            return "xlsx" if self.value == "xlsx" else "csv"

    class Use(models.TextChoices):
        CHECK = "check", _("to check the signatures")
        FIGURES = "figures", _("figures, without anything about a person")
        CONTACT_ACTION = "contact_action", _("to write about this action, to those who agreed")
        CONTACT_OTHER = "contact_other", _("to write about other work, to those who agreed")
        CLAIM = "claim", _("a legal claim, or an authority that may demand it")

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="exports", verbose_name=_("signature form"))
    use = models.CharField(_("use"), max_length=15, choices=Use, default=Use.CHECK, db_default=Use.CHECK)
    format = models.CharField(_("format"), max_length=4, choices=Format, default=Format.CSV)
    columns = models.JSONField(_("columns"), default=list)
    criteria = models.JSONField(_("which signatures"), default=dict)
    purpose = models.CharField(_("what for"), max_length=200)
    record = models.BigIntegerField(null=True, editable=False)  # of the audit trail: whom it holds (TouchedSigner)
    file = models.ForeignKey(SealedFile, models.SET_NULL, null=True, related_name="+")
    downloaded_at = models.DateTimeField(_("downloaded"), null=True)

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-id"]


class SignatureImport(StaffWork):
    """Signatures collected elsewhere before, as a CSV file: what its columns mean, and what became of its rows."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="imports", verbose_name=_("signature form"))
    file = models.ForeignKey(SealedFile, models.SET_NULL, null=True, related_name="+")
    header = models.JSONField(default=list)
    mapping = models.JSONField(_("columns"), default=dict)
    signed_on = models.DateField(_("day of signing"), null=True)
    purpose = models.CharField(_("where they come from"), max_length=200)
    # What signers agreed to: the words, where that is recorded, and when; without a day, when they signed.
    words_contact_action = models.TextField(_("words: contact about this action"), blank=True, db_default="")
    words_contact_other = models.TextField(_("words: contact about other work"), blank=True, db_default="")
    consents_recorded = models.CharField(
        _("where the consents are recorded"), max_length=200, blank=True, db_default=""
    )
    consents_on = models.DateField(_("day of the consents"), null=True)
    dry = models.BooleanField(_("only tried"), default=True)
    added = models.PositiveIntegerField(_("new"), default=0)
    known = models.PositiveIntegerField(_("there already"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    withdrew = models.PositiveIntegerField(_("withdrew earlier"), default=0, db_default=0)
    left_out = models.CharField(_("left out"), max_length=200, blank=True, db_default="")  # fields, not asked for
    report = models.JSONField(default=list)  # [line, reason] of the first refused rows; nothing of what they say

    class Meta:
        verbose_name = _("import of signatures")
        verbose_name_plural = _("imports of signatures")
        ordering = ["-id"]
