"""Recipients, and deliveries: frozen sets of signatures."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Orderable, TranslatableMixin
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from actions.signing.models import Petition, Signature


class Recipient(index.Indexed, TranslatableMixin, models.Model):
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
    email = models.EmailField(_("e-mail"), blank=True)
    country = CountryField(_("country"), blank=True)
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

    class Meta(TranslatableMixin.Meta):
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
    """One hand-over: how many signatures, on which day, to whom. The set is frozen; see `deliver`."""

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="deliveries", verbose_name=_("signature form"))
    recipients = models.ManyToManyField(
        Recipient, through="DeliveryRecipient", related_name="+", verbose_name=_("recipients")
    )
    delivered_on = models.DateField(_("day of the hand-over"))
    signatures = models.PositiveIntegerField(_("signatures"), editable=False)
    created_at = models.DateTimeField(_("recorded"), db_default=Now())
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-delivered_on", "-id"]

    def __str__(self) -> str:
        return f"{self.petition} {self.delivered_on:%Y-%m-%d}"

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

    class Meta:
        verbose_name = _("delivered signature")
        verbose_name_plural = _("delivered signatures")

    def __str__(self) -> str:
        return str(self.signature_id)
