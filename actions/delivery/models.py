"""Recipients, and deliveries: frozen sets of signatures."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Orderable
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from actions.signing.ends import end_in_words, goes_on_all_day
from actions.signing.models import Export, Petition, SealedFile, Signature, StaffWork
from actions.translating.models import TranslatedRecord


class Recipient(index.Indexed, TranslatedRecord):
    """To whom signatures and letters go. Written once, spelled the same everywhere."""

    name = models.CharField(
        _("name"),
        max_length=120,
        blank=True,
        help_text=_("Of the person. May be empty where only the office is known."),
    )
    office = models.CharField(
        _("office"), max_length=200, help_text=_("As it reads after the name: “party secretary of Xinjiang”.")
    )
    postal_address = models.TextField(_("postal address"), blank=True, help_text=_("As on an envelope, line by line."))
    email = models.EmailField(_("email"), blank=True)
    country = CountryField(
        _("country"),
        blank=True,
        help_text=_(
            "The state that can read what is handed over: of an embassy, the state it belongs to. Without it only the "
            "number of signatures can be handed over. Signers are told office and country: where one of them becomes "
            "another, make a new recipient."
        ),
    )
    salutation = models.CharField(
        _("salutation"), max_length=120, blank=True, help_text=_("How a letter begins: “Your Excellency,”.")
    )

    panels = [
        MultiFieldPanel([FieldPanel("name"), FieldPanel("office")], heading=_("Who")),
        MultiFieldPanel(
            [
                FieldPanel("postal_address"),
                FieldPanel("country"),
                FieldPanel("email"),
                FieldPanel("salutation"),
            ],
            heading=_("Letters"),
        ),
    ]
    search_fields = [
        index.AutocompleteField("name"),
        index.AutocompleteField("office"),
        index.FilterField("locale_id"),
    ]
    override_translatable_fields = [
        SynchronizedField("name"),
        SynchronizedField("postal_address"),
        SynchronizedField("email"),
        SynchronizedField("country", overridable=False),
        SynchronizedField("salutation"),
    ]

    class Meta(TranslatedRecord.Meta):
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        ordering = ["name", "office"]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.office) if part)

    @property
    def address_lines(self) -> list[str]:
        return self.postal_address.splitlines()


class PetitionRecipient(Orderable):
    """One of those a petition is addressed to, in order."""

    petition = ParentalKey(Petition, on_delete=models.CASCADE, related_name="addressees")
    recipient = models.ForeignKey(Recipient, models.PROTECT, related_name="+", verbose_name=_("recipient"))

    class Meta(Orderable.Meta):
        verbose_name = _("recipient of a signature form")
        verbose_name_plural = _("recipients of a signature form")

    def __str__(self) -> str:
        return f"{self.petition_id} {self.recipient_id}"


class Delivery(models.Model):
    """One hand-over: how many signatures, on which day, to whom. The set is frozen; see `deliver`.

    `signatures` and `paper` are what is handed over, sets of earlier deliveries included where `repeats` names them.
    """

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="deliveries", verbose_name=_("signature form"))
    recipients = models.ManyToManyField(
        Recipient, through="DeliveryRecipient", related_name="+", verbose_name=_("recipients")
    )
    delivered_on = models.DateField(_("day of the hand-over"))
    place = models.CharField(
        _("place"), max_length=120, blank=True, help_text=_("Where it happens, such as “the embassy in Oslo”.")
    )
    signatures = models.PositiveIntegerField(_("signatures online"), editable=False)
    paper = models.PositiveIntegerField(_("signatures on paper"), default=0, editable=False)
    signed_before = models.DateTimeField(_("signed before"), null=True, editable=False)
    # SHA-256 over the ids of the set, in order: what `manage.py verify_delivery` works out again.
    fingerprint = models.CharField(_("fingerprint"), max_length=64, blank=True, editable=False)
    # By language: title, demands and letter of the action as they were at the hand-over.
    words = models.JSONField(default=dict, editable=False)
    repeats = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        editable=False,
        related_name="repeated_in",
        verbose_name=_("handed over again"),
    )
    created_at = models.DateTimeField(_("recorded"), db_default=Now())
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    # When those on its list who asked to hear of the action were written to; see `tell`.
    told_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-delivered_on", "-id"]

    def __str__(self) -> str:
        return f"{self.petition} {self.delivered_on:%Y-%m-%d}"

    def signed_before_in_words(self) -> str:
        """The last day whose signatures are in the set, or the moment where it was cut off during a day."""
        return end_in_words(self.signed_before)

    def signed_all_day(self) -> bool:
        return self.signed_before is not None and goes_on_all_day(self.signed_before)

    @property
    def number(self) -> int:
        """What was handed over in all: online and on paper, and earlier sets where it was asked for."""
        return self.signatures + self.paper

    def clean(self) -> None:
        opens_at = self.petition.opens_at if self.petition_id else None
        if self.delivered_on and opens_at and self.delivered_on < opens_at.date():
            raise ValidationError(
                {"delivered_on": _("The form opened after this day. Choose the day the signatures were handed over.")}
            )


class DeliveryRecipient(models.Model):
    """One of those a delivery was handed to. Who received signatures cannot be deleted."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="+")
    recipient = models.ForeignKey(Recipient, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("recipient of a delivery")
        verbose_name_plural = _("recipients of a delivery")

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.recipient_id}"


class DeliveredSignature(models.Model):
    """Which delivery a signature went with. At most one, so nothing is handed over twice."""

    signature = models.OneToOneField(Signature, models.CASCADE, primary_key=True, related_name="delivered")
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="delivered")

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("delivered signature")
        verbose_name_plural = _("delivered signatures")

    def __str__(self) -> str:
        return str(self.signature_id)


class AllowedRecipient(models.Model):
    """That a form's signatures may go to somebody its signers were not told of: then as a number, without a list.

    Said by whoever answers for the protection of data. Never edited.
    """

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="allowed_recipients")
    recipient = models.ForeignKey(Recipient, models.PROTECT, related_name="+", verbose_name=_("recipient"))
    reason = models.CharField(_("why"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("when"), db_default=Now())

    class Meta:
        verbose_name = _("further recipient of a signature form")
        verbose_name_plural = _("further recipients of signature forms")
        permissions = [("decide_allowedrecipient", "Can let signatures go to somebody signers were not told of")]
        constraints = [models.UniqueConstraint(fields=["petition", "recipient"], name="allowed_recipient_once")]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.recipient_id}"


class ListedName(models.Model):
    """That a signer's name stands on the list of a delivery, and what else of the signer. Holds no name."""

    signature = models.ForeignKey(Signature, models.CASCADE, related_name="listed")
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="listed", db_index=False)
    columns = models.JSONField(_("columns"))

    wagtail_reference_index_ignore = True  # out of reach of generic tools

    class Meta:
        verbose_name = _("name on a list")
        verbose_name_plural = _("names on lists")
        constraints = [models.UniqueConstraint(fields=["delivery", "signature"], name="listed_once_per_delivery")]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.signature_id}"


class DeliveryPackage(StaffWork):
    """The files of a hand-over, zipped and sealed: letter and sums as PDF, the list, a manifest. Kept for a while."""

    Format = Export.Format

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="packages", verbose_name=_("delivery"))
    format = models.CharField(_("format of the list"), max_length=4, choices=Format, default=Format.CSV)
    columns = models.JSONField(_("columns"), default=list)
    record = models.BigIntegerField(null=True, editable=False)  # of the audit trail: whom it holds (TouchedSigner)
    manifest = models.JSONField(null=True, editable=False)
    manifest_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    file = models.ForeignKey(SealedFile, models.SET_NULL, null=True, related_name="+")
    downloads = models.PositiveIntegerField(_("downloaded"), default=0, editable=False)

    class Meta:
        verbose_name = _("package of a delivery")
        verbose_name_plural = _("packages of deliveries")
        ordering = ["-id"]

    @property
    def petition_id(self) -> int:  # type: ignore[override]
        return self.delivery.petition_id


class PaperBatch(models.Model):
    """Signatures collected on paper: how many, where and when. Counted when a second person has confirmed the number.

    Never edited: a mistake is corrected by a new entry, whose `number` is the difference.
    """

    petition = models.ForeignKey(
        Petition, models.PROTECT, related_name="paper_batches", verbose_name=_("signature form")
    )
    place = models.CharField(_("place"), max_length=120, help_text=_("Where they were collected: “Stand in Tromsø”."))
    collected_on = models.DateField(_("day"), help_text=_("The day they were collected, or the last of several."))
    number = models.IntegerField(_("number"))
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("Where the sheets lie, for example. No names.")
    )
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("corrects")
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered"), db_default=Now())
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    refused_at = models.DateTimeField(_("refused"), null=True)
    delivery = models.ForeignKey(Delivery, models.SET_NULL, null=True, related_name="paper_batches")

    class Meta:
        verbose_name = _("paper batch")
        verbose_name_plural = _("paper batches")
        permissions = [("confirm_paperbatch", "Can confirm signatures on paper")]
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(number=0) & (Q(number__gt=0) | Q(corrects__isnull=False)),
                name="paper_is_a_number_or_corrects_one",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | Q(entered_by=None) | ~Q(confirmed_by=F("entered_by")),
                name="paper_is_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(refused_at=None), name="paper_is_confirmed_or_refused"
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=Q(confirmed_at=None, refused_at=None),
                name="one_correction_waits_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.collected_on:%Y-%m-%d}: {self.number}"
