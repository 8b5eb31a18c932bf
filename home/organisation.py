"""What a site says about itself, in each language: name, colours, addresses, and the words people consent to."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.fields import StreamField
from wagtail.models import Site
from wagtail_localize.fields import SynchronizedField

from actions.translating.models import TranslatedRecord

from .standing import here


class Accent(models.TextChoices):
    """Signal colours whose contrast was measured on light and dark; the values are in static/css/tokens.css."""

    CORAL = "coral", _("Coral")
    AMBER = "amber", _("Amber")
    MINT = "mint", _("Mint")
    SKY = "sky", _("Sky blue")


class Organisation(TranslatedRecord):
    """The organisation behind a site, once per language."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="organisations", verbose_name=_("site"))
    name = models.CharField(_("name"), max_length=80)
    claim = models.CharField(_("what the organisation is for"), max_length=200, blank=True)
    logo = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logo"),
        help_text=_("Beside the name at the top of every page. Without one, the name stands alone."),
    )
    accent = models.CharField(_("signal colour"), max_length=10, choices=Accent, default=Accent.CORAL)
    donate_url = models.URLField(_("donation address"), blank=True)
    donate_label = models.CharField(_("text of the donate button"), max_length=40, blank=True)
    donate_text = models.TextField(
        _("why to give"),
        blank=True,
        db_default="",
        help_text=_("One or two sentences above the button, after signing and on ended actions. Empty: a general one."),
    )
    donate_amounts = StreamField(
        [
            (
                "amount",
                blocks.StructBlock(
                    [
                        ("label", blocks.CharBlock(label=_("Amount"), max_length=20, help_text=_("“100 kr”"))),
                        (
                            "url",
                            blocks.URLBlock(
                                label=_("Address"),
                                help_text=_("Of your donation page, with this amount filled in."),
                            ),
                        ),
                    ],
                    label=_("Amount"),
                    icon="link",
                ),
            )
        ],
        verbose_name=_("amounts"),
        max_num=3,
        blank=True,
        null=True,
        help_text=_("Up to three, each a button of its own. Empty: the one button."),
    )
    controller_name = models.CharField(
        _("data controller"), max_length=120, help_text=_("Who answers for the signers' data, by legal name.")
    )
    registration_number = models.CharField(
        _("organisation number"),
        max_length=40,
        blank=True,
        db_default="",
        help_text=_("As it stands in the register, such as “000 000 000”. Shown below each form. Empty: left out."),
    )
    controller_email = models.EmailField(
        _("contact about personal data"), help_text=_("Where a signer writes to see, correct or erase data.")
    )
    controller_address = models.TextField(_("postal address"), blank=True)
    officer_name = models.CharField(
        _("data-protection officer"),
        max_length=120,
        blank=True,
        db_default="",
        help_text=_("Name or title, as signers read it. Empty where you have none."),
    )
    officer_email = models.EmailField(_("email of the data-protection officer"), blank=True, db_default="")
    authority_name = models.CharField(
        _("data-protection authority"),
        max_length=120,
        blank=True,
        db_default="",
        help_text=_("To whom signers can complain about you: “Datatilsynet”."),
    )
    authority_url = models.URLField(_("address of the authority"), blank=True, db_default="")
    processors = models.TextField(
        _("who works for you with the data"),
        blank=True,
        db_default="",
        help_text=_(
            "One on each line, with the country: who runs your servers, sends your email, keeps your backups. Signers "
            "read it in the notice of each form."
        ),
    )
    membership_system = models.CharField(
        _("membership system"),
        max_length=120,
        blank=True,
        db_default="",
        help_text=_(
            "Where those go who agree to hear about other work, with who runs it and the country. Signers read it in "
            "the notice."
        ),
    )
    consent_action = models.TextField(
        _("consent: contact about the action"),
        help_text=_("Beside an unticked box. A changed text becomes a new version, kept with each signer."),
    )
    consent_other = models.TextField(
        _("consent: contact about other work"),
        help_text=_(
            "Say who will write, and how to take it back. Where a membership system is told, this consent lives on "
            "there after the signers of the action are forgotten here."
        ),
    )
    paused_text = models.TextField(
        _("text while all signing is paused"),
        blank=True,
        help_text=_("Shown instead of every form while “pause all signing” is on. Empty: a general sentence."),
    )
    profiles = StreamField(
        [
            (
                "profile",
                blocks.StructBlock(
                    [
                        ("name", blocks.CharBlock(label=_("Name"), max_length=40)),
                        ("url", blocks.URLBlock(label=_("Address"))),
                    ],
                    label=_("Profile"),
                    icon="link",
                ),
            )
        ],
        verbose_name=_("social profiles"),
        blank=True,
    )

    override_translatable_fields = [
        SynchronizedField("site", overridable=False),
        SynchronizedField("logo"),
        SynchronizedField("accent", overridable=False),
        SynchronizedField("registration_number"),
        SynchronizedField("controller_email"),
        SynchronizedField("officer_email"),
        SynchronizedField("authority_url"),
        SynchronizedField("donate_url"),
    ]

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("site"),
                    FieldPanel("name"),
                    FieldPanel("claim"),
                    FieldPanel("logo"),
                    FieldPanel("accent"),
                    FieldPanel("profiles"),
                ],
                heading=_("Identity"),
            ),
            ObjectList(
                [
                    FieldPanel("donate_url"),
                    FieldPanel("donate_label"),
                    FieldPanel("donate_text"),
                    FieldPanel("donate_amounts"),
                ],
                heading=_("Donations"),
            ),
            ObjectList([FieldPanel("paused_text")], heading=_("Signing")),
            ObjectList(
                [
                    MultiFieldPanel(
                        [
                            FieldPanel("controller_name"),
                            FieldPanel("registration_number"),
                            FieldPanel("controller_email"),
                            FieldPanel("controller_address"),
                        ],
                        heading=_("Data controller"),
                    ),
                    MultiFieldPanel(
                        [
                            FieldPanel("officer_name"),
                            FieldPanel("officer_email"),
                            FieldPanel("authority_name"),
                            FieldPanel("authority_url"),
                            FieldPanel("processors"),
                            FieldPanel("membership_system"),
                        ],
                        heading=_("What the notices say"),
                    ),
                    MultiFieldPanel(
                        [FieldPanel("consent_action"), FieldPanel("consent_other")],
                        heading=_("Consent texts"),
                    ),
                ],
                heading=_("Privacy"),
            ),
        ]
    )

    class Meta(TranslatedRecord.Meta):
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.UniqueConstraint(fields=["site", "locale"], name="one_organisation_per_site_and_language")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.locale.language_code})"

    @classmethod
    def for_site(cls, site: Site | None, language: str) -> "Organisation":
        """The organisation of a site in a language, or in the default language, or an empty one."""
        name = f"organisation:{site.pk if site else 0}:{language}"
        return here(name, lambda: cls._for_site(site, language))

    @classmethod
    def _for_site(cls, site: Site | None, language: str) -> "Organisation":
        rows = cls.objects.filter(site=site).select_related("locale", "logo")
        by_language = {row.locale.language_code: row for row in rows}
        return by_language.get(language) or next(iter(by_language.values()), None) or cls()
