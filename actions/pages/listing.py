"""Actions as cards, and finding them: by state, country, right and words."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from wagtail.models import Locale, ReferenceIndex

from actions.delivery.models import Delivery
from actions.rules.goal import progress, shown_goal
from actions.rules.state import PAUSED, PAUSED_LABEL, State
from actions.rules.time_left import TimeLeft, time_left
from actions.signing.models import Petition, SigningRules
from actions.signing.public import Numbers, numbers_of
from home.standing import here
from home.visible import for_everybody, is_restricted

# What a list shows first: what can be signed, then what soon can, then results.
ORDER = (State.OPEN, PAUSED, State.SCHEDULED, State.WON, State.DELIVERED, State.ENDED, State.DRAFT)

# What the list can be narrowed to, and how it is called.
WORDS = {str(word): PAUSED_LABEL if word == PAUSED else State(word).label for word in ORDER if word is not State.DRAFT}


LEAST_LATELY = 50


def _worth_telling(numbers: Numbers) -> int:
    """A few steps say nothing of a day, for the number stands behind; nor does a number that is all of that day."""
    return numbers.lately if LEAST_LATELY <= numbers.lately < numbers.total else 0


@dataclass(frozen=True)
class Figures:
    """The numbers beside a form: `total`, the `goal` shown and the way there in per cent.

    Those of visitors follow the true ones after a while, unless they are `exact`. `lately` is by how many the total
    has risen in the last 24 hours, where that is worth telling.
    """

    total: int
    goal: int
    percent: int
    hidden: bool
    removed: int = 0
    paper: int = 0
    exact: bool = True
    lately: int = 0

    @property
    def online(self) -> int:
        return self.total - self.paper

    @classmethod
    def of(cls, petition: Petition, numbers: Numbers) -> "Figures":
        goal = shown_goal(total=numbers.total, goal=petition.goal)
        return cls(
            total=numbers.total,
            goal=goal,
            percent=progress(total=numbers.total, goal=goal),
            # Nothing is shown before the first step, as below the number that staff chose.
            hidden=numbers.total < petition.hide_total_below or not (numbers.total or numbers.exact),
            removed=numbers.removed,
            paper=numbers.paper,
            exact=numbers.exact,
            lately=0 if petition.high_risk or numbers.exact else _worth_telling(numbers),
        )


class CountryName(NamedTuple):
    """The name of a country, and the language it is in."""

    title: str
    lang: str


@dataclass(frozen=True)
class Card:
    """An action as lists show it."""

    page: "object"
    state: State
    figures: Figures | None
    time_left: TimeLeft | None
    country: str
    country_lang: str = ""
    paused: bool = False

    @property
    def word(self) -> str:
        """The state as visitors are told it: an open action that takes no signatures just now is "paused"."""
        return PAUSED if self.paused else str(self.state)

    @property
    def label(self) -> str | Promise:
        return PAUSED_LABEL if self.paused else self.state.label

    @property
    def can_be_signed(self) -> bool:
        return self.state is State.OPEN and not self.paused

    @property
    def lead(self) -> str:
        """The lead in the voice of the state."""
        return self.page.lead_now(self.state)


def state_of(page, now: datetime) -> State:
    """The state of an action page fetched by `with_petitions`."""
    if page.petition is None:
        return State.DRAFT
    return page.petition.state(now, delivered=page.was_delivered)


def is_paused(page, state: State) -> bool:
    """Whether an open action takes no signatures just now; of an action page fetched by `with_petitions`."""
    return state is State.OPEN and (page.petition.paused or page.all_paused)


def _word(page, now: datetime) -> str:
    """See `Card.word`."""
    state = state_of(page, now)
    return PAUSED if is_paused(page, state) else str(state)


def all_paused() -> Exists:
    """In a query: whether staff have paused all signing of the site."""
    return Exists(SigningRules.objects.filter(paused=True))


def with_petitions(pages: QuerySet) -> QuerySet:
    delivered = Exists(Delivery.objects.filter(petition=OuterRef("petition")))
    return pages.select_related("petition").annotate(was_delivered=delivered, all_paused=all_paused())


def open_pages(pages: QuerySet, now: datetime) -> QuerySet:
    """Those that can be signed at this instant."""
    is_open = Q(petition__ends_at__gt=now) | Q(petition__ends_at=None)
    return pages.filter(is_open, ~all_paused(), petition__opens_at__lte=now, petition__paused=False)


WAYS_ON = 3  # cards
NOT_ON_CARDS = ("body", "support", "outcome", "petition__digest_salt", "petition__public_key")


def ways_on(*, locale: Locale, now: datetime, country: int | None = None, but: UUID | None = None) -> list[Card]:
    """Open actions to go on to from a page in this language: first those about its country, then those that end first.

    `country` is the id of a country page in any language, `but` the translation key of an action that is left out.
    What was found lately is enough, without what has ended since.
    """

    def find() -> list[Card]:
        if SigningRules.objects.filter(paused=True).exists():
            return []
        action_page = apps.get_model("actions", "ActionPage")
        pages = for_everybody(action_page.objects.filter(locale=locale)).exclude(translation_key=but)
        pages = open_pages(pages, now).annotate(about=F("country__translation_key"))
        found = cards(pages.select_related("petition").defer(*NOT_ON_CARDS), locale=locale, now=now)
        countries = apps.get_model("actions", "CountryPage").objects.filter(pk=country)
        key = countries.values_list("translation_key", flat=True).first() if country else None
        found.sort(key=lambda card: key is None or card.page.about != key)
        return found[: WAYS_ON * 2]  # some more, for those that end before this is asked again

    found = here(f"ways-on:{locale.pk}:{country}:{but}", find)
    return [card for card in found if card.page.petition.can_be_signed(now)][:WAYS_ON]


def cards(pages: QuerySet, *, locale: Locale, now: datetime, limit: int | None = None) -> list[Card]:
    """The pages as cards, open ones first, in at most three queries."""
    found = sorted(
        with_petitions(pages).select_related("hero_image"),
        key=lambda page: _place(page, now),
    )[:limit]
    sums = numbers_of(page.petition_id for page in found if page.petition_id) if found else {}
    names = country_names((page.country_id for page in found), locale)
    return [_card(page, sums, names, now) for page in found]


def _place(page, now: datetime) -> tuple:
    """Open ones by their end; over ones by the latest end first."""
    state = state_of(page, now)
    end = page.petition.ends_at.timestamp() if page.petition and page.petition.ends_at else 0
    return ORDER.index(_word(page, now)), -end if state.is_over else (end or float("inf")), page.title


def _card(page, sums: dict[int, Numbers], names: dict[int, CountryName], now: datetime) -> Card:
    state = state_of(page, now)
    petition = page.petition
    return Card(
        page=page,
        state=state,
        figures=Figures.of(petition, sums[petition.pk]) if petition and state not in _WITHOUT_FIGURES else None,
        time_left=left(petition, now) if state is State.OPEN else None,
        paused=is_paused(page, state),
        country=names[page.country_id].title if page.country_id in names else "",
        country_lang=names[page.country_id].lang if page.country_id in names else "",
    )


_WITHOUT_FIGURES = (State.DRAFT, State.SCHEDULED)


def left(petition: Petition, now: datetime) -> TimeLeft | None:
    if petition.ends_at is None or petition.ends_at <= now:
        return None
    return time_left(ends_at=petition.ends_at, now=now, zone=timezone.get_default_timezone())


def country_names(ids: Iterable[int | None], locale: Locale) -> dict[int, CountryName]:
    """Names of country pages, in a language where they are published in it, by the id an action refers to."""
    ids = {pk for pk in ids if pk}
    if not ids:
        return {}
    country_page = apps.get_model("actions", "CountryPage")
    keys = country_page.objects.filter(pk__in=ids).values("translation_key")
    rows = country_page.objects.filter(translation_key__in=keys).exclude(is_restricted()).order_by("pk")
    by_key: dict = {}
    key_of = {}
    for pk, key, language, title, live in rows.values_list(
        "pk", "translation_key", "locale__language_code", "title", "live"
    ):
        key_of[pk] = key
        if (live and language == locale.language_code) or key not in by_key:
            by_key[key] = CountryName(title, language)
    return {pk: by_key[key_of[pk]] for pk in ids if pk in key_of}


@dataclass(frozen=True)
class Choice:
    """One value of a filter, with how many actions it would show."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Search:
    """What a visitor asks the index for. What the list does not know it leads away from (see `ActionIndexPage`)."""

    words: str = ""
    state: str = ""
    country: str = ""
    right: str = ""

    @classmethod
    def from_query(cls, query) -> "Search":
        def value(name: str, longest: int) -> str:
            return query.get(name, "").replace("\x00", "").strip()[:longest]

        return cls(value("q", 100), value("state", 20), value("country", 20), value("right", 20))

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.state or self.country or self.right)


def backend_for(language: str) -> str:
    """The name of the search backend whose questions are stemmed as `language` is (see `searching`)."""
    return language if language in settings.WAGTAILSEARCH_BACKENDS else "default"


@dataclass(frozen=True)
class Found:
    pages: list
    states: list[Choice]
    countries: list[Choice]
    rights: list[Choice]


def find(pages: QuerySet, search: Search, *, locale: Locale, now: datetime) -> Found:
    """Actions that fit the search, in list order, and what each filter would give with the others kept."""
    every = list(with_petitions(pages))
    if search.words:
        # Of all pages: the search does not understand what `pages` is narrowed by.
        written = pages.model.objects.filter(locale=locale)
        results = written.search(search.words, backend=backend_for(locale.language_code))
        hits = set(results.get_queryset().values_list("pk", flat=True)) if every else set()
        every = [page for page in every if page.pk in hits]
    names = country_names((page.country_id for page in every), locale)
    articles = articles_by_page(every, locale)

    facets = {
        "state": lambda page: [_word(page, now)],
        "country": lambda page: [str(page.country_id)] if page.country_id in names else [],
        "right": lambda page: [str(number) for number, _title in articles.get(page.pk, ())],
    }

    def fits(page, but: str = "") -> bool:
        return all(
            not getattr(search, name) or name == but or getattr(search, name) in values(page)
            for name, values in facets.items()
        )

    def choices(name: str, labels: dict[str, str]) -> list[Choice]:
        counts = Counter(value for page in every if fits(page, but=name) for value in facets[name](page))
        chosen = getattr(search, name)
        return [Choice(v, label, counts[v], v == chosen) for v, label in labels.items() if counts[v] or v == chosen]

    titles = dict(sorted({pair for pairs in articles.values() for pair in pairs}))
    return Found(
        pages=sorted((page for page in every if fits(page)), key=lambda page: _place(page, now)),
        states=choices("state", WORDS),
        countries=choices("country", {str(pk): name.title for pk, name in sorted(names.items(), key=lambda i: i[1])}),
        rights=choices("right", {str(number): f"{number}. {title}" for number, title in titles.items()}),
    )


def articles_by_page(pages: Iterable, locale: Locale) -> dict[int, set[tuple[int, str]]]:
    """Which articles each page cites, read from Wagtail's index of references."""
    rights_article = apps.get_model("actions", "RightsArticle")
    action_page = apps.get_model("actions", "ActionPage")
    references = ReferenceIndex.objects.filter(
        content_type=ContentType.objects.get_for_model(action_page),
        to_content_type=ContentType.objects.get_for_model(rights_article),
        object_id__in=[str(page.pk) for page in pages],
    ).values_list("object_id", "to_object_id")
    articles = rights_article.objects.values_list("pk", "locale_id", "number", "title")
    titles = {number: title for _pk, locale_id, number, title in articles if locale_id == locale.pk}
    cited = {str(pk): (number, titles.get(number, title)) for pk, _locale, number, title in articles}
    found: dict[int, set] = {}
    for page_id, article_id in references:
        if article_id in cited:
            found.setdefault(int(page_id), set()).add(cited[article_id])
    return found
