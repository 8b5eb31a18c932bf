"""An action that takes no signatures for a while says so wherever it is named; so does a site that takes none at all.

Begun where people are: the list, the first page, the thanks, the feed, and what programs read.
"""

import pytest

from actions.signing import limits
from actions.signing.life import pause, resume
from actions.signing.models import SigningRules
from tests.factories import PetitionFactory, action

PAUSED = '<span class="state state--paused">Pause</span>'
SENTENCE = "Akkurat nå kan du ikke skrive under"


@pytest.fixture
def pages(site):
    return [
        action(site, PetitionFactory(), title="Den ene", slug="den-ene"),
        action(site, PetitionFactory(), title="Den andre", slug="den-andre"),
    ]


@pytest.fixture
def one_paused(pages):
    pause(petition=pages[0].petition, by=None, reason="x")
    return pages


@pytest.fixture
def all_paused(pages):
    limits.change(SigningRules(paused=True), by=None, reason="x")
    return pages


def body(client, url: str, **query) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_card_says_so_and_stands_behind_those_that_can_be_signed(client, site, one_paused):
    """Seen to fail: it was open, orange, and stood first."""
    listed = body(client, site.index.get_url())
    assert listed.count(PAUSED) == 1
    assert listed.index("Den andre") < listed.index("Den ene") < listed.index(PAUSED)
    assert SENTENCE not in listed


def test_the_filter_counts_them_apart(client, site, one_paused):
    """Seen to fail: the paused one was counted among the open ones."""
    answer = client.get(site.index.get_url(), {"state": "paused"})
    assert [card.page.title for card in answer.context["cards"]] == ["Den ene"]
    assert {choice.value: choice.count for choice in answer.context["found"].states} == {"open": 1, "paused": 1}
    assert '<option value="paused" selected>Pause (1)</option>' in answer.content.decode()
    open_ones = client.get(site.index.get_url(), {"state": "open"})
    assert [card.page.title for card in open_ones.context["cards"]] == ["Den andre"]


def test_the_first_page_calls_to_what_can_be_signed(client, site, one_paused):
    site.home.lead_action = one_paused[0]
    site.home.save()
    front = body(client, site.home.get_url())
    lead = front.split('<article class="lead-card">')[1].split("</article>")[0]
    assert "Den andre" in lead
    assert PAUSED in front
    assert SENTENCE not in front


def test_nobody_is_asked_to_sign_one_that_is_paused(client, one_paused):
    thanks = body(client, one_paused[1].get_url() + "thanks/")
    assert "Den ene" not in thanks
    assert "data-next" not in thanks


@pytest.mark.parametrize("place", ["home", "index", "thanks", "page"])
def test_a_pause_of_all_signing_is_said_and_nothing_is_offered(place, client, site, all_paused):
    """Seen to fail: all but the page went on inviting, the thanks with one press."""
    urls = {
        "home": site.home.get_url(),
        "index": site.index.get_url(),
        "thanks": all_paused[0].get_url() + "thanks/",
        "page": all_paused[0].get_url(),
    }
    said = body(client, urls[place])
    assert SENTENCE in said
    assert "data-next" not in said
    assert "#sign" not in said
    assert "Skriv under nå" not in said
    site.organisation.paused_text = "Vi flytter til en ny maskin."
    site.organisation.save()
    assert "Vi flytter til en ny maskin." in body(client, urls[place])


def test_an_ended_action_offers_none_while_all_is_paused(client, site, all_paused):
    over = action(site, PetitionFactory(ended=True), title="Over", slug="over")
    assert "Den ene" not in body(client, over.get_url())


@pytest.mark.parametrize("how", ["one_paused", "all_paused"])
def test_programs_are_told(how, client, request):
    """Seen to fail: nothing but "open"."""
    page, _other = request.getfixturevalue(how)
    found = {item["title"]: item for item in client.get("/api/v1/actions").json()["items"]}
    assert (found["Den ene"]["state"], found["Den ene"]["paused"]) == ("open", True)
    assert found["Den andre"]["paused"] is (how == "all_paused")
    total = client.get(f"/api/v1/actions/{page.translation_key}/total")
    assert total.json()["paused"] is True
    if how == "one_paused":
        resume(petition=page.petition, by=None, reason="x")
        again = client.get(f"/api/v1/actions/{page.translation_key}/total")
        assert again.json()["paused"] is False
        assert again["ETag"] != total["ETag"]


def test_the_feed_says_so(client, one_paused):
    feed = client.get("/nb/feed/").content.decode()
    assert feed.count("Vi tar en pause. Krev at leirene stenges.") == 1


@pytest.mark.parametrize("state", [{"scheduled": True, "ends_at": None}, {"ended": True}, {"draft": True}])
def test_only_what_is_open_is_paused(state, client, site):
    page = action(site, PetitionFactory(paused=True, **state))
    limits.change(SigningRules(paused=True), by=None, reason="x")
    assert PAUSED not in body(client, site.index.get_url())
    told = client.get(f"/api/v1/actions/{page.translation_key}/total")
    assert told.status_code == 404 or told.json()["paused"] is False
