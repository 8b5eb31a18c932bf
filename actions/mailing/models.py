"""A mail to those signers of an action who asked for it: its words by language, and how far it has come."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.fields import StreamField
from wagtail.models import Orderable

from actions.blocks import MailBody
from actions.signing.models import Petition


def languages() -> list:
    """Those of the settings; asked each time, so that another one needs no migration."""
    return settings.LANGUAGES


class Mailing(ClusterableModel):
    """One mail to many. Who gets it is worked out when it is sent; no address stands here."""

    class Audience(models.TextChoices):
        ACTION = "action", _("those who want to hear about this action")
        OTHER = "other", _("those who want to hear about other work")

    class Progress(models.TextChoices):
        DRAFT = "draft", _("draft")
        SENDING = "sending", _("being sent")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("sent")

    name = models.CharField(_("name"), max_length=120, help_text=_("For staff only."))
    petition = models.ForeignKey(Petition, models.PROTECT, related_name="mailings", verbose_name=_("signature form"))
    audience = models.CharField(_("to whom"), max_length=10, choices=Audience, default=Audience.ACTION)
    a_minute = models.PositiveIntegerField(
        _("emails a minute"),
        default=600,
        validators=[MinValueValidator(1), MaxValueValidator(100_000)],
        help_text=_(
            "Receipts and requests to confirm go in between. Ask whoever runs your email server what it takes."
        ),
    )
    progress = models.CharField(_("progress"), max_length=10, choices=Progress, default=Progress.DRAFT, editable=False)
    created_at = models.DateTimeField(_("made"), db_default=Now())
    sent_at = models.DateTimeField(_("sent from"), null=True, editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False, verbose_name=_("who")
    )
    # By language: how many were sent, wait, came back, were given up. Kept when the mails themselves are forgotten.
    report = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("email to signers")
        verbose_name_plural = _("emails to signers")
        ordering = ["-id"]
        permissions = [("send_mailing", "Can send mails to signers")]

    def __str__(self) -> str:
        return self.name

    @property
    def can_be_edited(self) -> bool:
        """What was sent to somebody is not changed for the others."""
        return self.progress == self.Progress.DRAFT

    def languages(self) -> list[str]:
        return [text.language for text in self.texts.all()]


class MailingText(Orderable):
    """The words of a mailing in one language."""

    mailing = ParentalKey(Mailing, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=12, choices=languages)
    subject = models.CharField(_("subject"), max_length=120)
    body = StreamField(MailBody(), verbose_name=_("text"))

    class Meta(Orderable.Meta):
        verbose_name = _("text of an email to signers")
        verbose_name_plural = _("texts of emails to signers")
        constraints = [models.UniqueConstraint(fields=["mailing", "language"], name="one_text_per_language")]

    def __str__(self) -> str:
        return f"{self.mailing_id} {self.language}"
