"""A signature, which says nothing about a person, and the sealed person behind it."""

from __future__ import annotations

import uuid_utils.compat as uuid
from django.db import models
from django.utils.translation import gettext_lazy as _

from .consent import ConsentText
from .hand_over import HandOverNotice
from .petition import Petition


class SignatureQuerySet(models.QuerySet["Signature"]):
    def counted(self) -> SignatureQuerySet:
        return self.filter(state=Signature.State.COUNTED)

    def of_address(self, petition: int, digest: bytes) -> SignatureQuerySet:
        """The one of an address, and attempts in high-risk mode that wait for its code."""
        return self.filter(models.Q(digest=digest) | models.Q(claim=digest), petition=petition)


class Signature(models.Model):
    """One counted act of one e-mail address on one petition. No personal data."""

    class State(models.TextChoices):
        COUNTED = "counted", _("counted")
        AWAITING = "awaiting", _("awaiting confirmation")
        HELD = "held", _("held")
        INVALIDATED = "invalidated", _("invalidated")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid7, editable=False)
    petition = models.ForeignKey(
        Petition, models.PROTECT, related_name="signatures", db_index=False, verbose_name=_("signature form")
    )
    digest = models.BinaryField(max_length=32)
    # In high-risk mode, while it waits: the digest of its address. Several attempts may wait; the one whose code is
    # typed takes the place of the address (`digest`). Noise is there until then.
    claim = models.BinaryField(max_length=32, null=True)
    canonical_version = models.PositiveSmallIntegerField()
    state = models.CharField(_("state"), max_length=11, choices=State)
    language = models.CharField(_("language"), max_length=12)
    country = models.CharField(_("country"), max_length=2, blank=True)
    signed_at = models.DateTimeField(_("signed"))
    moved_at = models.DateTimeField(null=True)  # when its state last changed; a trigger writes it

    objects = SignatureQuerySet.as_manager()

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        permissions = [("export_signature", "Can export signatures")]
        constraints = [
            models.UniqueConstraint(fields=["petition", "digest"], name="one_signature_per_address"),
        ]
        indexes = [
            models.Index(fields=["petition", "signed_at"], name="signatures_by_time"),
            models.Index(fields=["petition", "claim"], name="attempts_of_an_address", condition=~models.Q(claim=None)),
            # For staff's lists: the few that do not count, and one country of a form that asks for it.
            models.Index(
                fields=["petition", "state", "signed_at"],
                name="signatures_not_counted",
                condition=~models.Q(state="counted"),
            ),
            models.Index(
                fields=["petition", "country", "signed_at"],
                include=["state"],
                name="signatures_by_country",
                condition=~models.Q(country=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Signer(models.Model):
    """The sealed person behind a signature. Erasing a person deletes this row and nothing else."""

    signature = models.OneToOneField(Signature, models.CASCADE, primary_key=True, related_name="signer")
    sealed = models.BinaryField()
    contact_action = models.BooleanField()
    contact_other = models.BooleanField()
    show_name = models.BooleanField(default=False)
    # What the form says is handed over, with `hand_over_notice` as what was said. Else only the number.
    hand_over_name = models.BooleanField(default=False)
    hand_over_notice = models.ForeignKey(
        HandOverNotice, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("what was told")
    )
    consent_text = models.ForeignKey(ConsentText, models.PROTECT, null=True, related_name="+")
    # When the mailbox said that it was its owner who signed. Until then nobody acts on what was ticked.
    proved_at = models.DateTimeField(null=True)
    # Since when mail comes back as nobody is there (`outbox.bounced`). No mailing goes there until somebody answers.
    mailbox_gone_at = models.DateTimeField(null=True)
    # From before a correction, as a restored backup has it: shown and handed over nowhere until it is corrected again.
    name_is_old = models.BooleanField(default=False, db_default=False)
    # Where the data came from, if not from the signer. Imports are never deleted, so nothing has to watch over it.
    imported_in = models.ForeignKey(
        "actions.SignatureImport", models.DO_NOTHING, null=True, related_name="+", db_index=False, db_constraint=False
    )

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("signer")
        verbose_name_plural = _("signers")
        permissions = [("open_signer", "Can see who signed")]
        indexes = [
            models.Index(fields=["signature"], condition=models.Q(show_name=True), name="signers_to_show"),
            models.Index(fields=["signature"], condition=models.Q(contact_other=True), name="signers_for_members"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(hand_over_name=False) | models.Q(hand_over_notice__isnull=False),
                name="names_are_handed_over_as_told",
            )
        ]

    def __str__(self) -> str:
        return str(self.signature_id)

    def agrees(self, consent: str) -> bool:
        """Whether a consent (one of the columns) stands and may be acted on: the mailbox has answered."""
        return bool(getattr(self, consent) and self.proved_at)


class PublicName(models.Model):
    """What a signer asked us to show: a name as it was written for that, and the place. Gone at once when the signature
    is.

    Shown from a random moment on and in the order of a random number, so that nobody can match it to a time of signing.
    """

    signature = models.OneToOneField(Signature, models.CASCADE, primary_key=True, related_name="public_name")
    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+", db_index=False)
    first_name = models.CharField(_("name that is shown"), max_length=40)
    place = models.CharField(_("place"), max_length=60, blank=True)
    shown_from = models.DateTimeField(_("shown from"))
    shuffle = models.IntegerField()
    waits = models.BooleanField(_("waits until somebody has looked at it"), default=False, db_default=False)

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("public name")
        verbose_name_plural = _("public names")
        indexes = [models.Index(fields=["petition", "shuffle"], name="public_names_shuffled")]

    def __str__(self) -> str:
        return str(self.signature_id)
