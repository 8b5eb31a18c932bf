"""What signers agreed to, in which words, and each change of it."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ConsentText(models.Model):
    """One version of the words a signer agreed to. A changed word is a new row; rows never change.

    All the words of one form are one version, each consent in a column of its own; empty where it was not asked for.
    """

    language = models.CharField(_("language"), max_length=12)
    version = models.PositiveIntegerField(_("version"))
    contact_action = models.TextField(_("contact about this action"))
    contact_other = models.TextField(_("contact about other work"))
    show_name = models.TextField(_("name shown"), blank=True, default="", db_default="")
    hand_over_name = models.TextField(_("name handed over"), blank=True, default="", db_default="")
    fingerprint = models.CharField(max_length=64, unique=True)
    first_used_at = models.DateTimeField(_("first used"), db_default=Now())

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        constraints = [models.UniqueConstraint(fields=["language", "version"], name="consent_text_version")]

    def __str__(self) -> str:
        return f"{self.language} {self.version}"


class Consent(models.TextChoices):
    """Each of them is given and ended by itself. The values are the columns of `Signer` and of `ConsentText`."""

    CONTACT_ACTION = "contact_action", _("contact about this action")
    CONTACT_OTHER = "contact_other", _("contact about other work")
    SHOW_NAME = "show_name", _("name shown")
    HAND_OVER_NAME = "hand_over_name", _("name handed over")


class ConsentRecord(models.Model):
    """One giving or ending of one consent. Only ever added, by a trigger on `Signer`, whatever changes the flag there.

    The flags of `Signer` are what stands now; this is how it came about. The rows of a signer go with it, and not
    before: triggers of the database hold both (actions/migrations/_functions_ledger.sql).
    """

    class Way(models.TextChoices):
        FORM = "form", _("on the form")
        CONFIRMED = "confirmed", _("confirmed from the mailbox")
        LINK = "link", _("by a mailed link")
        ONE_CLICK = "one_click", _("in the email program")
        PROVIDER = "provider", _("told by the email provider")
        STAFF = "staff", _("by staff")
        IMPORT = "import", _("brought in")
        RESTORE = "restore", _("again after a restore")
        COMMAND = "command", _("by a command")
        BEFORE = "before", _("before such records were kept")

    # No cascade: the database lets rows go with the signer alone.
    signature = models.ForeignKey(
        "actions.Signature", models.DO_NOTHING, related_name="consents", db_index=False, verbose_name=_("signature")
    )
    consent = models.CharField(_("consent"), max_length=15, choices=Consent)
    given = models.BooleanField(_("given"))
    consent_text = models.ForeignKey(
        ConsentText, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("words")
    )
    way = models.CharField(_("by what way"), max_length=10, choices=Way)
    at = models.DateTimeField(_("when"), db_default=Now())  # what was brought in happened before it was recorded
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("consent given or ended")
        verbose_name_plural = _("consents given and ended")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["signature", "id"], name="consents_of_a_signature"),
            # What a restore must not bring back.
            models.Index(fields=["recorded_at"], condition=models.Q(given=False), name="consents_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.consent}"


class ConsentWish(models.Model):
    """That somebody signed again with an address and ticked that we may write; the mailbox alone can say yes to it.

    Kept after the answer, with nothing wished, so that nobody makes us ask time and again.
    """

    signature = models.OneToOneField("actions.Signature", models.DO_NOTHING, primary_key=True, related_name="wish")
    contact_action = models.BooleanField()
    contact_other = models.BooleanField()
    consent_text = models.ForeignKey(ConsentText, models.PROTECT, related_name="+", db_index=False)

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("wish to hear from us")
        verbose_name_plural = _("wishes to hear from us")

    def __str__(self) -> str:
        return str(self.signature_id)
