import pytest
from django.utils import timezone
from modelsearch.index import insert_or_update_object
from wagtail.models import ReferenceIndex

from actions.pages.action import ActionPage
from tests.factories import PetitionFactory, action, article, stream

pytestmark = pytest.mark.django_db


@pytest.fixture
def some(site, locales):
    rights = {"heading": "Rights", "lead": "", "groups": [{"articles": [article(5, locales["nb"]).pk], "text": ""}]}
    body = stream(ActionPage, "body", [("rights", rights)])
    pages = [
        action(site, PetitionFactory(), title="Åpen sak", slug="apen", body=body),
        action(site, PetitionFactory(ended=True), title="Avsluttet sak", slug="avsluttet", country=None),
        action(site, PetitionFactory(ended=True, won_on=timezone.localdate()), title="Vunnet sak", slug="vunnet"),
        action(site, PetitionFactory(scheduled=True, ends_at=None), title="Kommende sak", slug="kommende"),
    ]
    for page in pages:
        ReferenceIndex.create_or_update_for_object(page)
        insert_or_update_object(page)
    return site


def shown(client, site, **query):
    answer = client.get(site.index.get_url(), query)
    assert answer.status_code == 200
    return [card.page.title for card in answer.context["cards"]], answer


def test_open_ones_come_first(client, some):
    assert shown(client, some)[0] == ["Åpen sak", "Kommende sak", "Vunnet sak", "Avsluttet sak"]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"state": "won"}, ["Vunnet sak"]),
        ({"state": "open"}, ["Åpen sak"]),
        ({"right": "5"}, ["Åpen sak"]),
        ({"q": "kommende"}, ["Kommende sak"]),
        ({"q": "finnes ikke"}, []),
        ({"state": "nonsense"}, []),
        ({"country": "999999999999999999999"}, []),
        ({"right": "' or 1=1"}, []),
        ({"q": "\x00"}, ["Åpen sak", "Kommende sak", "Vunnet sak", "Avsluttet sak"]),
        ({"q": "%" * 10_000}, []),
        ({"page": "-1"}, ["Åpen sak", "Kommende sak", "Vunnet sak", "Avsluttet sak"]),
        ({"page": "x" * 999}, ["Åpen sak", "Kommende sak", "Vunnet sak", "Avsluttet sak"]),
    ],
)
def test_filters_find_what_fits_and_nothing_breaks_them(query, titles, client, some):
    assert shown(client, some, **query)[0] == titles


def test_each_filter_says_how_many_it_would_show(client, some):
    _titles, answer = shown(client, some, state="open")
    found = answer.context["found"]
    assert {choice.value: choice.count for choice in found.states} == {"open": 1, "scheduled": 1, "won": 1, "ended": 1}
    assert [(choice.label, choice.count) for choice in found.countries] == [("Kina", 1)]
    assert [choice.value for choice in found.rights] == ["5"]


def test_the_list_is_paged(client, site):
    for number in range(14):
        action(site, PetitionFactory(), title=f"Sak {number:02}", slug=f"sak-{number}")
    assert len(shown(client, site)[0]) == 12
    assert len(shown(client, site, page=2)[0]) == 2


def test_the_home_page_shows_lead_open_and_results(client, some):
    body = client.get(some.home.get_url()).content.decode()
    assert body.index("Åpen sak") < body.index("Kommende sak") < body.index("Vunnet sak")
