"""What programs may read: actions, states, totals, deliveries and how signatures came in. Nothing can be written here.

The same rules as on the pages: one state at one instant, a total that is hidden stays hidden, and nothing of a signer.
The document is at /api/v1/openapi.json, told in words in docs/api.md.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from ninja import Query, Schema
from ninja.errors import HttpError
from pydantic import Field
from wagtail.models import Locale

from actions.delivery.selectors import addressees_and_deliveries
from actions.pages.action import ActionPage
from actions.pages.listing import Card, cards
from actions.rules.state import State
from actions.signing.clock import database_now
from actions.signing.exporting import write_csv
from actions.signing.public import history as steps
from home.visible import for_everybody

from .caching import kept
from .problems import Api, Problem, etag, problem

api = Api(
    title="Actions",
    version="1",
    description=(
        "Read-only figures of actions. The same for everybody, so anybody may keep an answer as long as its "
        "`Cache-Control` says; ask again with `If-None-Match`. Times are UTC. Nothing about a signer is told.\n\n"
        "Within a version fields and parameters are added, and never taken away or given another meaning: read on "
        "past what you do not know. What is to go is marked `deprecated` here and said by the header `Deprecation` "
        "(RFC 9745) for a year before it goes."
    ),
    servers=[{"url": settings.SITE_URL.rstrip("/") or "/"}],
    openapi_extra={
        "info": {"contact": {"url": settings.SITE_URL or "/"}},
        "tags": [{"name": "actions", "description": "Actions, their figures, and what was handed over."}],
    },
    urls_namespace="api",
)

Language = StrEnum("Language", {code.replace("-", "_"): code for code, _name in settings.LANGUAGES})
DEFAULT = Language(settings.LANGUAGE_CODE)
# Long enough for a graph of an action's whole life, and never more than one page of numbers.
LONGEST = timedelta(days=31)
COLUMNS = [
    *("id", "language", "title", "lead", "url", "country", "country_name", "state", "opens_at", "ends_at", "won_on"),
    *("total", "goal", "published_at", "updated_at"),
]


class Country(Schema):
    code: str = Field(description="ISO 3166-1, two letters.")
    name: str


STATES = ", ".join(f"`{state}`" for state in State if state is not State.DRAFT)
STATE = f"One of {STATES}. More may come: read on past what you do not know."


PAUSED = "An open action that takes no signatures just now; its end stays what it was."


class Total(Schema):
    state: str = Field(description=STATE)
    paused: bool = Field(description=PAUSED)
    total: int | None = Field(
        description=(
            "Online and on paper. Null while it is not shown. It follows in steps while the action is open, and is "
            "exact from its end on."
        )
    )
    paper: int | None = Field(description="How many of the total are on paper.")
    goal: int | None = Field(description="The goal that is shown; it moves up when it is reached.")
    per_cent: int | None = Field(description="Whole per cent of the goal.")
    ends_at: datetime | None
    at: datetime = Field(description="The instant of these figures.")


class Action(Schema):
    id: UUID = Field(description="The same in every language.")
    language: str = Field(description="Of title, lead, address and country; another one where there is none in yours.")
    title: str
    lead: str
    url: str
    country: Country | None
    state: str = Field(description=STATE)
    paused: bool = Field(description=PAUSED)
    opens_at: datetime | None
    ends_at: datetime | None
    won_on: date | None
    total: int | None
    goal: int | None
    published_at: datetime | None
    updated_at: datetime | None
    languages: dict[str, str] = Field(description="The address of the page in each language it is published in.")
    links: dict[str, str] = Field(description="Addresses of total, deliveries and history.")


class Actions(Schema):
    count: int = Field(description="How many there are, on all pages of this list.")
    items: list[Action]


class Delivery(Schema):
    delivered_on: date
    signatures: int
    new: int = Field(description="Of the signatures, those that were not handed over before.")
    recipients: list[str]


class Hour(Schema):
    hour: datetime = Field(description="The hour's first instant.")
    signatures: int = Field(
        description="By how much the total online moved in this hour. Below zero where signatures were taken back."
    )


class Chosen(Schema):
    language: Annotated[Language, Field(description="Language of the words.")] = DEFAULT


class Filtered(Chosen):
    state: Annotated[State | None, Field(description="Only actions in this state.")] = None
    country: Annotated[
        str | None, Field(pattern="^[A-Z]{2}$", description="Only actions about this country (ISO 3166-1).")
    ] = None


class Listed(Filtered):
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    offset: Annotated[int, Field(ge=0, le=10_000)] = 0


class Since(Schema):
    since: Annotated[
        date | None,
        Field(description="The first day (UTC). The answer holds at most 31 days from there; without it, the last 31."),
    ] = None


def reading(path: str, answer: Any, **more: Any):
    """A GET, and a HEAD that the document need not name."""
    # 304 and 429 are said by what stands before the site, without a body to count on.
    answers = {200: answer, 304: None, 404: Problem, 405: Problem, 422: Problem, 429: None}
    more |= {"response": answers, "tags": ["actions"]}

    def registered(view):
        unnamed = {key: value for key, value in more.items() if key != "operation_id"}
        api.api_operation(["HEAD"], path, include_in_schema=False, **unnamed)(view)
        return api.get(path, **more)(view)

    return registered


@reading("/actions", Actions, operation_id="list_actions", summary="All actions in a language, open ones first")
def actions(request: HttpRequest, response: HttpResponse, chosen: Query[Listed]):
    """Those that are published in the language; `languages` of each says in which others it is."""
    now = database_now()
    with translation.override(str(chosen.language)):
        found = _found(chosen, now)
        page = found[chosen.offset : chosen.offset + chosen.limit]
        addresses = _addresses(page)
        kept(response, now=now, until=_change(found, now))
        return {"count": len(found), "items": [_action(card, addresses, now) for card in page]}


@reading(
    "/actions.csv",
    None,
    operation_id="get_actions_as_csv",
    summary="The same as a table, without pages",
    openapi_extra={"responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}},
)
def actions_as_csv(request: HttpRequest, chosen: Query[Filtered]):
    """The columns are the fields of an action, first a line of their names: RFC 4180 in UTF-8 with a byte order mark,
    by which spreadsheets know the encoding. A text that a spreadsheet would take for a formula has an apostrophe before
    it. What is null in the list is empty here. Columns may be added at the end."""
    now = database_now()
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="actions.csv"'
    with translation.override(str(chosen.language)):
        found = _found(chosen, now)
        addresses = _addresses(found)
        rows = [_row(_action(card, addresses, now)) for card in found]
    write_csv(response, header=COLUMNS, rows=rows)
    return kept(response, now=now, until=_change(found, now))


@reading("/actions/{id}", Action, operation_id="get_action", summary="One action")
def action(request: HttpRequest, response: HttpResponse, id: UUID, chosen: Query[Chosen]):
    """In the language that was asked for, or else in one in which the action is published; `language` says which."""
    now = database_now()
    card = _card(id, str(chosen.language), now)
    with translation.override(card.page.locale.language_code):
        kept(response, now=now, until=card.page.next_change(now))
        return _action(card, _addresses([card]), now)


@reading("/actions/{id}/total", Total, operation_id="get_total", summary="State and total")
def total(request: HttpRequest, response: HttpResponse, id: UUID):
    """State and total of one action, as visitors see them."""
    now = database_now()
    card = _card(id, DEFAULT, now)
    kept(response, now=now, until=card.page.next_change(now))
    figures = None if card.figures is None or card.figures.hidden else card.figures
    told = {
        "state": card.state,
        "paused": card.paused,
        "total": figures and figures.total,
        "paper": figures and figures.paper,
        "goal": figures and figures.goal,
        "per_cent": figures and figures.percent,
        "ends_at": card.page.petition.ends_at,
    }
    response["ETag"] = etag(repr(sorted(told.items())).encode())  # of the figures, whenever they were read
    return told | {"at": now}


@reading("/actions/{id}/deliveries", list[Delivery], operation_id="list_deliveries", summary="What was handed over")
def deliveries(request: HttpRequest, response: HttpResponse, id: UUID, chosen: Query[Chosen]):
    """Each hand-over of one action: when, how many, to whom."""
    now = database_now()
    card = _card(id, str(chosen.language), now)
    kept(response, now=now)
    _to_whom, handed_over = addressees_and_deliveries(card.page.petition, card.page.locale)
    return [
        {
            "delivered_on": told.delivered_on,
            "signatures": told.number,
            "new": told.new,
            "recipients": [str(recipient) for recipient in told.recipients],
        }
        for told in handed_over
    ]


@reading("/actions/{id}/history", list[Hour], operation_id="get_history", summary="Signatures by hour")
def history(request: HttpRequest, response: HttpResponse, id: UUID, chosen: Query[Since]):
    """By how much the total shown moved in each hour; hours in which it did not are left out. Empty where the total is
    not shown, and for actions in which signing itself is dangerous."""
    now = database_now()
    card = _card(id, DEFAULT, now)
    kept(response, now=now, fresh=timedelta(minutes=1))
    petition = card.page.petition
    if petition.high_risk or card.figures is None or card.figures.hidden:
        return []
    first = now - LONGEST
    if chosen.since:
        first = datetime.combine(chosen.since, datetime.min.time(), timezone.get_fixed_timezone(0))
    until = min(first + LONGEST, now + timedelta(hours=1)) if first.year < 9999 else now
    found = steps(petition, since=first, until=until) if first <= now else []
    return [{"hour": hour, "signatures": number} for hour, number in found]


def not_here(request: HttpRequest) -> HttpResponse:
    """An address below /api/ that leads nowhere, told as programs expect it."""
    return problem(404, "There is nothing at this address.")


def _locale(language: str) -> Locale:
    try:
        return Locale.objects.get(language_code=language)
    except Locale.DoesNotExist:
        raise HttpError(404, "Nothing is published in this language.") from None


def _pages(locale: Locale | None):
    pages = for_everybody(ActionPage.objects.filter(petition__isnull=False, alias_of=None))
    pages = pages.select_related("country")
    return pages.filter(locale=locale) if locale else pages


def _found(chosen: Filtered, now: datetime) -> list[Card]:
    """The cards of a language that are asked for, open ones first. Drafts are not there."""
    found = [card for card in _cards(_locale(chosen.language), now) if card.state is not State.DRAFT]
    if chosen.state:
        found = [card for card in found if card.state is chosen.state]
    if chosen.country:
        found = [card for card in found if _code(card) == chosen.country]
    return found


def _row(told: dict) -> list[str]:
    """An action as a line of the table; an instant as in JSON."""
    told = told | {"country": (told["country"] or {}).get("code"), "country_name": (told["country"] or {}).get("name")}
    return ["" if told[name] is None else _cell(told[name]) for name in COLUMNS]


def _cell(value: Any) -> str:
    return DjangoJSONEncoder().default(value) if isinstance(value, datetime) else str(value)


def _cards(locale: Locale, now: datetime) -> list[Card]:
    return cards(_pages(locale), locale=locale, now=now)


def _card(id: UUID, language: str, now: datetime) -> Card:
    """The action in a language, or else in any; 404 where it is not published or has not been announced."""
    pages = list(_pages(None).filter(translation_key=id).select_related("locale").order_by("pk"))
    pages.sort(key=lambda page: (page.locale.language_code != language, page.locale.language_code != DEFAULT))
    found = cards(_pages(None).filter(pk=pages[0].pk), locale=pages[0].locale, now=now) if pages else []
    if not found or found[0].state is State.DRAFT:
        raise HttpError(404, "There is no such action.")
    return found[0]


def _code(card: Card) -> str:
    country = card.page.country
    return str(country.code) if country else ""


def _addresses(found: list[Card]) -> dict[UUID, dict[str, str]]:
    """By action: the address of its page in each language."""
    keys = [card.page.translation_key for card in found]
    addresses: dict[UUID, dict[str, str]] = {}
    for page in _pages(None).filter(translation_key__in=keys).select_related("locale"):
        if url := page.full_url:
            addresses.setdefault(page.translation_key, {})[page.locale.language_code] = url
    return addresses


def _change(found: list[Card], now: datetime) -> datetime | None:
    return min((change for card in found if (change := card.page.next_change(now))), default=None)


def _action(card: Card, addresses: dict[UUID, dict[str, str]], now: datetime) -> dict:
    page, petition = card.page, card.page.petition
    figures = None if card.figures is None or card.figures.hidden else card.figures
    language = str(translation.get_language())
    urls = addresses.get(page.translation_key, {})
    return {
        "id": page.translation_key,
        "language": language,
        "title": page.title,
        "lead": card.lead,
        "url": urls.get(language, ""),
        "country": {"code": _code(card), "name": card.country} if _code(card) else None,
        "state": card.state,
        "paused": card.paused,
        "opens_at": petition.opens_at,
        "ends_at": petition.ends_at,
        "won_on": petition.won_on if card.state is State.WON else None,
        "total": figures and figures.total,
        "goal": figures and figures.goal,
        "published_at": page.first_published_at,
        "updated_at": page.last_published_at,
        "languages": urls,
        "links": {
            name: settings.SITE_URL.rstrip("/") + reverse(f"api:{name}", args=[page.translation_key])
            for name in ("total", "deliveries", "history")
        },
    }
