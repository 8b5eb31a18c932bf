"""The action page: the story, the case, and the signature form of its petition."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    HelpPanel,
    MultiFieldPanel,
    ObjectList,
    PageChooserPanel,
    TabbedInterface,
)
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField, StreamField
from wagtail.models import PageManager, Site
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from actions.blocks import ActionBody, DonateBlock
from actions.blocks.groups import PROSE, SENTENCES
from actions.delivery.retention import term
from actions.delivery.selectors import SoFar, addressees_and_deliveries, so_far
from actions.rules.days import last_day
from actions.rules.hand_over import NUMBER
from actions.rules.pdf import NoTypeface
from actions.rules.source import clean_source
from actions.rules.state import State
from actions.signing.forms import SignatureForm, asked_of
from actions.signing.hand_over import Notice
from actions.signing.models import Petition
from actions.signing.names import shown
from actions.signing.public import Numbers
from home.organisation import Organisation
from home.site_page import PicturedPage
from home.standing import here, standing
from home.visible import for_everybody

from . import preview
from .country import CountryPage
from .hand_over import far_of, notice_of, receivers_of
from .letter import letter_pdf
from .listing import Figures, left, ways_on
from .moment import ActionPageQuerySet, OfThisMoment
from .preview import Previewed
from .share_picture import draw

EMBED = "actions/pages/embed.html"


class ActionPage(OfThisMoment, Previewed, RoutablePageMixin, PicturedPage):
    petition = models.ForeignKey(
        "actions.Petition",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="action_pages",
        verbose_name=_("signature form"),
        help_text=_("Shared by the page in every language: one total, one end."),
    )
    country = models.ForeignKey(
        "actions.CountryPage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("country"),
        help_text=_("Shown above the title, as in “Action: China”, and used for the country facts."),
    )
    lead = models.TextField(_("lead"), help_text=_("What happens to whom, and what the reader can do. Two sentences."))
    lead_when_ended = models.TextField(
        _("lead when the action has ended"),
        blank=True,
        help_text=_("Stands there instead when nobody can sign any more. Empty: the lead above."),
    )
    body = StreamField(ActionBody(), verbose_name=_("body"), blank=True)

    form_heading = models.CharField(
        _("heading of the form"),
        max_length=80,
        blank=True,
        help_text=_("What you ask for, as in “Demand that the executions stop”. Empty: “Will you sign too?”."),
    )
    thanks_text = RichTextField(
        _("thanks after signing"),
        features=SENTENCES,
        blank=True,
        help_text=_("What happens next with the signatures."),
    )
    paused_text = RichTextField(
        _("text while signing is paused"),
        features=SENTENCES,
        blank=True,
        help_text=_("Why, and when to come back. Empty: a general sentence."),
    )
    ended_text = RichTextField(
        _("thanks when the action has ended"),
        features=SENTENCES,
        blank=True,
        help_text=_("Shown with “The action has ended” by itself, the second it does."),
    )
    outcome = RichTextField(
        _("what happened since"), features=PROSE, blank=True, help_text=_("Shown when the action has ended.")
    )
    is_model = models.BooleanField(
        _("model for new actions"),
        default=False,
        help_text=_("Others can start from a copy of this page. Leave it unpublished."),
    )
    support = StreamField(
        [("donate", DonateBlock())],
        verbose_name=_("donate call"),
        max_num=1,
        blank=True,
        help_text=_("Shown after signing and when the action has ended."),
    )

    template = "actions/pages/action_page.html"
    parent_page_types = ["actions.ActionIndexPage"]
    subpage_types: list[str] = []
    page_description = _("What is done to whom, what is demanded, and a form to sign.")
    allowed_http_methods = [*PicturedPage.allowed_http_methods, "POST"]
    exclude_fields_in_copy = ["petition"]
    draws_picture = True  # for link previews, where no picture was chosen

    content_panels = [
        *PicturedPage.content_panels,
        PageChooserPanel("country", "actions.CountryPage"),
        FieldPanel("lead"),
        FieldPanel("lead_when_ended"),
        PicturedPage.picture_panel,
        FieldPanel("body"),
    ]
    signature_panels = [
        HelpPanel(template="actions/backoffice/_petition_figures.html", heading=_("State and total")),
        FieldPanel("petition"),
        FieldPanel("form_heading"),
        FieldPanel("thanks_text"),
        FieldPanel("paused_text"),
        MultiFieldPanel([FieldPanel("ended_text"), FieldPanel("outcome")], heading=_("When the action has ended")),
        FieldPanel("support"),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading=_("Content")),
            ObjectList(signature_panels, heading=_("Signatures")),
            ObjectList(PicturedPage.promote_panels, heading=_("Share & search")),
            ObjectList([FieldPanel("is_model"), *PicturedPage.settings_panels], heading=_("Settings")),
        ]
    )
    search_fields = [
        *PicturedPage.search_fields,
        index.SearchField("lead", boost=2),
        index.SearchField("body"),
        index.FilterField("country_id"),
    ]
    override_translatable_fields = [
        *PicturedPage.synchronised,
        SynchronizedField("petition", overridable=False),
        SynchronizedField("country", overridable=False),
        SynchronizedField("is_model", overridable=False),
    ]

    objects = PageManager.from_queryset(ActionPageQuerySet)()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")

    def clean(self):
        super().clean()
        taken = ActionPage.objects.filter(petition_id=self.petition_id).exclude(translation_key=self.translation_key)
        if self.petition_id and taken.exists():
            raise ValidationError(
                {
                    "petition": _(
                        "Another action uses this signature form. Signatures belong to one action: "
                        "choose “Make a new one” for this one."
                    )
                }
            )

    def next_change(self, now: datetime) -> datetime | None:
        return self.petition.next_change(now) if self.petition else None

    def lead_now(self, state: State) -> str:
        """The lead in the voice of the state: calling while one can sign, telling afterwards."""
        return (self.lead_when_ended if state.is_over else "") or self.lead

    @property
    def teaser(self) -> str:
        return self.lead_now(self.petition.state(self.now())) if self.petition else self.lead

    def localized_country(self) -> CountryPage | None:
        """The country's page in this page's language, or in the language it was written in."""
        if not self.country_id:
            return None
        key = CountryPage.objects.filter(pk=self.country_id).values("translation_key")[:1]
        pages = for_everybody(CountryPage.objects.filter(translation_key=key)).select_related("locale")
        return min(
            pages,
            key=lambda page: (page.locale_id != self.locale_id, page.pk != self.country_id),
            default=None,
        )

    def letter(self):
        """The appeal letter, where the page has one."""
        return next((block.value for block in self.body if block.block_type == "letter"), None)

    def get_context(self, request, *args, **kwargs):
        now = self.now()
        organisation = Organisation.for_site(Site.find_for_request(request), self.locale.language_code)
        to_whom, handed_over = self.told()
        if previewed := getattr(self, "previewed", ""):
            handed_over = [preview.sample_delivery(to_whom, now)] if previewed == "delivered" else []
        state = self.petition.state(now, delivered=bool(handed_over)) if self.petition else State.DRAFT
        seen = self.numbers() if self.petition else Numbers()
        return super().get_context(request, *args, **kwargs) | {
            "organisation": organisation,
            "country": standing(f"country:{self.pk}", self.localized_country),
            "state": state,
            "stage": self.stage(state),
            "lead": self.lead_now(state),
            "figures": Figures.of(self.petition, seen) if self.petition else None,
            "time_left": left(self.petition, now) if self.petition and state is State.OPEN else None,
            "ends_on": self.last_day(),
            "so_far": here("so far", handed_over_so_far) if state is State.OPEN else None,
            "deliveries": handed_over,
            "since": max(0, seen.total - sum(told.new for told in handed_over)) if handed_over else 0,
            "addressees": to_whom,
            "other_actions": self.other_actions(now),
            "form": self.signature_form(organisation) if state is State.OPEN else None,
            # Of an answer to who has sent the form; what everybody gets does not know where one came from.
            "source": clean_source(request.GET.get("s", "")) if request.method == "POST" else "",
            "names": self.names(),
            "notice": self.notice(),
        }

    def last_day(self) -> date | None:
        """The last day on which one can sign."""
        ends_at = self.petition.ends_at if self.petition else None
        return last_day(ends_at, timezone.get_default_timezone()) if ends_at else None

    def told(self) -> tuple[list, list]:
        """To whom the signatures go, and what was handed over."""
        if self.petition is None:
            return [], []
        name = f"told:{self.petition_id}:{self.locale_id}"
        return standing(name, lambda: addressees_and_deliveries(self.petition, self.locale))

    def names(self) -> list:
        if self.petition is None or not self.petition.show_names:
            return []
        return standing(f"names:{self.petition_id}", lambda: shown(self.petition))

    def stage(self, state: State) -> str:
        """Which of the small form templates is shown: open, paused, scheduled or ended."""
        if state.is_over:
            return "ended"
        if state is State.OPEN:
            return "paused" if self.petition.paused or self.signing_is_paused() else "open"
        return "scheduled"

    def notice(self) -> Notice | None:
        """What the form says of a list of names; None where only the number is handed over."""
        if self.petition is None or self.petition.handed_over == NUMBER:
            return None
        return here(f"notice:{self.petition_id}:{self.locale_id}", lambda: notice_of(self.petition, self.locale))

    def signature_form(self, organisation: Organisation, data=None) -> SignatureForm:
        return SignatureForm(
            data,
            petition=self.petition,
            language=self.locale.language_code,
            contact_action=organisation.consent_action,
            contact_other=organisation.consent_other,
            written_in=organisation.lang if organisation.pk else "",
            notice=self.notice(),
        )

    def other_actions(self, now: datetime) -> list:
        """Open actions to go on to, in this language."""
        return ways_on(locale=self.locale, now=now, country=self.country_id, but=self.translation_key)

    @path("embed/")
    def embed(self, request):
        """The form alone, for a frame on the sites the petition names."""
        return self.render(request, template=EMBED)

    @path("embed/thanks/")
    def embed_thanks(self, request):
        return self.thanked(request, embedded=True)

    @path("picture/")
    def drawn_picture(self, request):
        """What link previews show where no picture was chosen for them."""
        organisation = Organisation.for_site(Site.find_for_request(request), self.locale.language_code)
        country = self.localized_country()
        kicker = (_("Action: %(name)s") % {"name": country.title}) if country else _("Action")
        drawn = draw(
            title=self.title, kicker=kicker, sender=organisation.name, accent=organisation.accent, hero=self.picture
        )
        return HttpResponse(drawn, content_type="image/jpeg")

    @path("thanks/")
    def thanks(self, request):
        """The same page for everybody who sends the form; it knows nothing of who asks."""
        return self.thanked(request)

    def thanked(self, request, *, embedded: bool = False, code_form=None):
        """The thank-you page, with a form for the code where one is given.

        Where signing itself is dangerous it leads to no other action, whose mail would name us in the same mailbox.
        """
        alone = embedded or (self.petition is not None and self.petition.high_risk)
        return self.render(
            request,
            template="actions/pages/embed_thanks.html" if embedded else "actions/pages/thanks.html",
            context_overrides={
                "other_actions": [] if alone else self.other_actions(self.now()),
                "all_paused": not alone and self.signing_is_paused(),
                "form": None,
                "code_form": code_form,
                "waits": self.petition is not None and self.petition.counting == self.petition.Counting.CONFIRMED,
            },
        )

    @path("privacy/")
    def privacy_notice(self, request):
        """Who stores what, what for, for how long: assembled from the settings of the petition."""
        if self.petition is None:
            raise Http404
        return self.render(
            request,
            template="actions/pages/privacy_notice.html",
            context_overrides={
                "form": None,
                "asked": asked_of(self.petition),
                "receivers": receivers_of(self.petition, self.locale),
                "far": far_of(self.petition, self.locale),
                "forget_at": term(self.petition).at,
            },
        )

    @path("letter/")
    def letter_view(self, request):
        if not (letter := self.letter()):
            raise Http404
        return self.render(request, template="actions/pages/letter.html", context_overrides={"letter": letter})

    def _title_of(self, letter) -> str:
        """What a letter is called in its own language: as its page there, or else whom it is to."""
        language = letter["language"]
        same = (page for page in self.alternates() if page.locale.language_code == language)
        if page := next(same, self if self.locale.language_code == language else None):
            return page.title
        return next(filter(None, (*letter.address[:1], letter.greeting, *letter.paragraphs[:1])), self.title)

    @path("letter/pdf/")
    def letter_file(self, request):
        if not (letter := self.letter()):
            raise Http404
        try:
            pdf = letter_pdf(letter, title=self._title_of(letter))
        except NoTypeface:  # the browser may have one: from the page it can be printed or saved
            return HttpResponseRedirect(self.get_url(request) + self.reverse_subpage("letter_view"))
        response = HttpResponse(pdf, content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{slugify(self.title) or "letter"}.pdf"'
        return response


def handed_over_so_far() -> SoFar:
    """What the organisation has handed over until today, of actions that everybody can read about."""
    told_of = for_everybody(ActionPage.objects.order_by()).values("petition")
    return so_far(Petition.objects.filter(pk__in=told_of), timezone.localdate())
