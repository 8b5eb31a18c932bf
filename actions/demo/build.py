"""Puts the demo into an empty site: records, pages in Bokmål, their translations, signatures and deliveries."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from io import BytesIO
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.images import ImageFile
from django.db import transaction
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, Site

from actions.delivery.deliver import deliver
from actions.pages.action import ActionPage
from actions.pages.action_index import ActionIndexPage
from actions.pages.country import CountryIndexPage, CountryPage
from actions.pages.rights import RightsArticle, RightsIndexPage
from actions.signing import public
from home.pages import ContentPage, HomePage

from . import afghanistan, china, countries, iran, records, signatures, stories, zimbabwe
from .pictures import PICTURES, WIDTH, draw, logo
from .translate import translate
from .words import t

CREDIT = china.CREDIT


def is_loaded() -> bool:
    return HomePage.objects.exists()


def load() -> None:
    """Build the whole demo, or nothing of it."""
    builder = _Builder()
    with transaction.atomic():
        builder.build()
    # wagtail-localize publishes when the transaction commits, from copies that know nothing of children added since.
    Page.fix_tree()
    builder.set_dates()


class _Builder:
    def __init__(self) -> None:
        self.locale = Locale.objects.get(language_code="nb")
        self.now = timezone.now()

    def build(self) -> None:
        with ThreadPoolExecutor() as painters:
            drawn = painters.map(draw, PICTURES)
            self.pictures = {name: self._picture(name, jpeg) for name, jpeg in zip(PICTURES, drawn, strict=True)}
        articles = RightsArticle.objects.filter(locale=self.locale)
        self.articles = {article.number: article for article in articles}
        self.home, self.site = self._home()
        organisation = records.organisation(self.site, self.locale)
        organisation.logo = self._logo()
        organisation.save()
        self.recipients = records.recipients(self.locale)
        for recipient in self.recipients.values():
            recipient.save()
        self.plans = records.plans()
        self.petitions = {key: records.petition(plan, self.recipients) for key, plan in self.plans.items()}
        for key, plan in self.plans.items():
            signatures.generate(self.petitions[key], plan.signatures, self.now)
        signatures.show_names(self.petitions["executions"])
        public.move()  # so that visitors see numbers at once
        for petition in self.petitions.values():
            signatures.look_back(petition)
        self.deliveries = {
            "china": self._deliver("china", date(2022, 4, 29)),
            "zimbabwe": self._deliver("zimbabwe", date(2025, 1, 14)),
        }

        index = self._add(
            self.home,
            ActionIndexPage(
                title=t("Aksjoner", "Aksjonar", "Actions"),
                slug=t("aksjoner", "aksjonar", "actions"),
                show_in_menus=True,
                lead=t(
                    "Skriv under på det som gjelder nå, og se hva som kom ut av det som er over.",
                    "Skriv under på det som gjeld no, og sjå kva som kom ut av det som er over.",
                    "Sign what matters now, and see what came of what is over.",
                ),
            ),
        )
        self.countries = self._countries()
        rights = self._add(
            self.home,
            RightsIndexPage(
                title=t("Rettigheter", "Rettar", "Rights"),
                slug=t("rettigheter", "rettar", "rights"),
                show_in_menus=True,
                lead=t(
                    "Artiklene i Verdenserklæringen om menneskerettighetene, og aksjonene som handler om dem.",
                    "Artiklane i Verdsfråsegna om menneskerettane, og aksjonane som handlar om dei.",
                    "The articles of the Universal Declaration of Human Rights, and the actions that are about them.",
                ),
            ),
        )
        told = self._stories()
        standing = [
            self._add(self.home, ContentPage(show_in_menus=True, **self._content(spec)))
            for spec in stories.STANDING.values()
        ]
        pages = self._actions(index, told)
        self.home.lead_action = pages["executions"]
        self.home.save_revision().publish()

        translate(organisation, *self.recipients.values())
        translate(
            self.home,
            index,
            self.country_index,
            *self.countries.values(),
            rights,
            self.story_list,
            *told.values(),
            *standing,
            *pages.values(),
        )
        self.pages = pages

    def _home(self) -> tuple[HomePage, Site]:
        """Replaces the welcome page that Wagtail makes."""
        root = Page.get_first_root_node()
        welcome = root.get_children().exclude(pk__in=HomePage.objects.values("pk"))
        home = HomePage(
            title=t("Forsiden", "Framsida", "Home"),
            slug=t("hjem", "heim", "home"),
            locale=self.locale,
            heading=t("Navnet ditt teller.", "Namnet ditt tel.", "Your name counts."),
            lead=t(
                "Skriv under for mennesker som får rettighetene sine brutt. Det tar et minutt, og vi passer på navnet ditt.",
                "Skriv under for menneske som får rettane sine brotne. Det tek eit minutt, og vi passar på namnet ditt.",
                "Sign for people whose rights are violated. It takes a minute, and we look after your name.",
            ),
        )
        root.add_child(instance=home)
        home.save_revision().publish()
        site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
        address = urlsplit(settings.SITE_URL)
        site.hostname, site.port = address.hostname, address.port or (443 if address.scheme == "https" else 80)
        site.root_page, site.site_name = home, ""
        site.save()
        for page in welcome:
            if page.slug == "home" and page.pk != home.pk:
                page.delete()
        return home, site

    def _picture(self, name: str, jpeg: bytes):
        model = get_image_model()
        _drawing, _top, _bottom, (x, y) = PICTURES[name]
        image = model(
            title=f"demo {name}",
            focal_point_x=x,
            focal_point_y=y,
            focal_point_width=WIDTH // 5,
            focal_point_height=WIDTH // 5,
        )
        image.file = ImageFile(BytesIO(jpeg), name=f"demo-{name}.jpg")
        image.save()
        return image

    def _logo(self):
        image = get_image_model()(title="demo logo")
        image.file = ImageFile(BytesIO(logo()), name="demo-logo.png")
        image.save()
        return image

    def _deliver(self, key: str, day: date):
        to = [self.recipients[name] for name in self.plans[key].recipients]
        return deliver(petition=self.petitions[key], recipients=to, delivered_on=day)

    def _add(self, parent, page):
        page.locale = self.locale
        parent.add_child(instance=page)
        page.save_revision().publish()
        return page

    def _countries(self) -> dict[str, CountryPage]:
        self.country_index = self._add(
            self.home,
            CountryIndexPage(
                title=t("Land", "Land", "Countries"),
                slug=t("land", "land", "countries"),
                show_in_menus=True,
                lead=t(
                    "Hva vi vet om landene vi arbeider med, og når vi sist sjekket det.",
                    "Kva vi veit om landa vi arbeider med, og når vi sist sjekka det.",
                    "What we know about the countries we work on, and when we last checked it.",
                ),
            ),
        )
        drawn = {"china": "mountains", "iran": "city", "afghanistan": "valley", "zimbabwe": "rocks"}
        return {
            key: self._add(
                self.country_index,
                CountryPage(
                    hero_image=self.pictures[drawn[key]],
                    hero_credit=CREDIT,
                    **_with_streams(CountryPage, spec, "topics"),
                ),
            )
            for key, spec in countries.COUNTRIES.items()
        }

    def _content(self, spec: dict) -> dict:
        values = {**spec, "body": spec["body"]()}
        return _with_streams(ContentPage, values, "body")

    def _stories(self) -> dict[str, ContentPage]:
        self.story_list = self._add(
            self.home,
            ContentPage(
                title=t("Historier", "Historier", "Stories"),
                slug=t("historier", "historier", "stories"),
                purpose="list",
                show_in_menus=True,
                lead=t(
                    "Om menneskene bak aksjonene, og om hva et navn kan gjøre.",
                    "Om menneska bak aksjonane, og om kva eit namn kan gjere.",
                    "About the people behind the actions, and what a name can do.",
                ),
            ),
        )
        drawn = {"disappeared": "chair", "signature": "pens", "abolition": "door"}
        told = {}
        for key, spec in stories.STORIES.items():
            values = self._content(spec) | {"country": self.countries.get(spec["country"])}
            told[key] = self._add(
                self.story_list,
                ContentPage(hero_image=self.pictures[drawn[key]], hero_credit=CREDIT, **values),
            )
        return told

    def _actions(self, index, told) -> dict[str, ActionPage]:
        articles, recipients = self.articles, self.recipients
        specs = {
            "china": (
                "china",
                "fence",
                {
                    "title": china.TITLE,
                    "slug": china.SLUG,
                    "lead": china.LEAD,
                    "lead_when_ended": china.LEAD_WHEN_ENDED,
                    "hero_alt": china.HERO_ALT,
                    "ended_text": china.ENDED,
                    "outcome": china.OUTCOME,
                    "support": china.support(),
                },
                china.body(
                    picture=self.pictures["houses"],
                    poster=self.pictures["pens"],
                    story=told["disappeared"],
                    recipient=recipients["xinjiang"],
                    delivery=self.deliveries["china"],
                    articles=articles,
                ),
            ),
            "executions": (
                "iran",
                "window",
                iran.EXECUTIONS,
                iran.executions(articles=articles, recipient=recipients["judiciary"]),
            ),
            "school": (
                "afghanistan",
                "desk",
                afghanistan.SCHOOL,
                afghanistan.school(articles=articles, story=told["signature"]),
            ),
            "veil": ("iran", "veil", iran.VEIL, iran.veil(articles=articles)),
            "work": ("afghanistan", None, afghanistan.WORK, afghanistan.work(articles=articles)),
            "zimbabwe": (
                "zimbabwe",
                "door",
                zimbabwe.ABOLITION | {"ended_text": zimbabwe.ENDED, "outcome": zimbabwe.OUTCOME},
                zimbabwe.body(articles=articles, story=told["abolition"]),
            ),
        }
        return {
            key: self._add(
                index,
                ActionPage(
                    petition=self.petitions[key],
                    country=self.countries[country],
                    hero_image=self.pictures.get(picture),
                    hero_credit=CREDIT if picture else "",
                    **_with_streams(ActionPage, {**values, "body": body}, "body", "support"),
                ),
            )
            for key, (country, picture, values, body) in specs.items()
        }

    def set_dates(self) -> None:
        """When the older actions were published and last changed, in every language."""
        stamps = {
            "china": (datetime(2018, 9, 25, 9, 2, tzinfo=UTC), datetime(2022, 4, 29, 6, 46, tzinfo=UTC)),
            "zimbabwe": (datetime(2024, 2, 12, 8, 0, tzinfo=UTC), datetime(2025, 1, 14, 11, 30, tzinfo=UTC)),
            "executions": (self.plans["executions"].opens, self.now),
            "school": (self.plans["school"].opens, self.now),
        }
        for key, (first, last) in stamps.items():
            same = Page.objects.filter(translation_key=self.pages[key].translation_key)
            same.update(first_published_at=first, last_published_at=last)


def _with_streams(model, values: dict, *fields: str) -> dict:
    """The values with the named StreamFields made from (type, value) pairs, normalised so that every block has its id."""
    made = dict(values)
    for name in fields:
        if name in made:
            block = model._meta.get_field(name).stream_block
            raw = [{"type": kind, "value": _plain(value)} for kind, value in made[name]]
            stream = block.to_python(raw)
            list(stream)  # a block nobody has looked at keeps its raw value, which wagtail-localize cannot read
            made[name] = block.to_python(block.get_prep_value(stream))
    return made


def _plain(value):
    """Records as their ids, the way a StreamField stores them."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, date):
        return value.isoformat()
    return getattr(value, "pk", value)
