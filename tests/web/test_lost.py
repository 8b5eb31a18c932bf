"""Who is lost finds the organisation, a menu, a search and something to sign; and an error page never fails itself."""

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import RequestFactory

from actions.web import lost
from home import standing
from tests.factories import PetitionFactory, action, image
from tests.home.reading import elements

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr(lost, "_not_before", 0.0)


@pytest.fixture
def open_one(site):
    return action(site, PetitionFactory(), title="Åpen sak", slug="apen")


def test_an_address_that_leads_nowhere_has_a_way_on(open_one, site, client):
    """Seen to fail on the code of before: a heading and one button."""
    answer = client.get("/nb/aksjoner/finnes-ikke/")
    assert answer.status_code == 404
    assert [one.text for one in elements(answer, "h1")] == ["Vi finner ikke den siden"]
    assert "Foreningen" in [one.text for one in elements(answer, "span", "brand")]
    assert [one.text for one in elements(answer, "a", "menu")] == ["Aksjoner"]
    [search] = [one.attrs for one in elements(answer, "form") if one.attrs.get("role") == "search"]
    assert search["action"] == site.index.get_url()
    assert [one.text for one in elements(answer, "a", "card")] == ["Åpen sak"]
    assert any("my-signature" in one.attrs["href"] for one in elements(answer, "a", "site-footer"))


def test_the_logo_is_there(open_one, site, client):
    site.organisation.logo = image()
    site.organisation.save()
    assert len(elements(client.get("/nb/finnes-ikke/"), "img", "brand")) == 1


def test_what_cannot_be_read_has_a_way_on(open_one, client):
    answer = lost.bad_request(RequestFactory().get("/nb/", headers={"host": "testserver"}), ValueError())
    assert answer.status_code == 400
    assert "Åpen sak" in answer.content.decode()


def test_in_each_language_it_leads_to_the_homes(open_one, client):
    found = {one.attrs["href"] for one in elements(client.get("/nb/finnes-ikke/"), "a", "languages")}
    assert found == {"/nb/"}


def test_nothing_of_the_address_is_shown_or_kept(open_one, client, pages_are_kept):
    """It may be a secret. Seen to fail with the frame that other pages have."""
    secret = "QmFkIGxpbmsgb2Ygc29tZWJvZHkgZWxzZSBvZiBvdXJz"
    for path in (f"/nb/{secret}/", f"/nb/my-signature/{secret}/x/"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert secret not in answer.content.decode()
    kept = b"".join([*cache._cache.values(), *standing._copies._cache.values()])
    assert secret.encode() not in kept


def test_many_lost_ones_cost_little(open_one, client, pages_are_kept, django_assert_max_num_queries, monkeypatch):
    """Programs ask for thousands of addresses that are not there: the frame is made once."""
    monkeypatch.setattr("actions.web.page_cache._name", lambda request: None)
    client.get("/nb/finnes-ikke/")
    with django_assert_max_num_queries(8):
        client.get("/nb/finnes-heller-ikke/")


@pytest.mark.parametrize("broken", [OperationalError("away"), ValueError("of ours")])
def test_an_error_page_never_fails_itself(broken, open_one, client, monkeypatch, caplog):
    """Whatever goes wrong with its frame, it is the bare page; and nobody tries again at once. Seen to fail without
    the net: 500."""
    tried = []

    def fail(*args, **kwargs):
        tried.append(1)
        raise broken

    monkeypatch.setattr("actions.templatetags.actions.listing.ways_on", fail)
    for _time in range(3):
        answer = client.get("/nb/finnes-ikke/")
        assert answer.status_code == 404
        assert "Vi finner ikke den siden" in answer.content.decode()
        assert "plain__main" in answer.content.decode()
    assert len(tried) == 1
    told = [record.getMessage() for record in caplog.records if record.name == lost.log.name]
    assert len(told) == 1
    assert "finnes-ikke" not in told[0]


def test_a_host_that_is_not_ours_gets_the_bare_page(client, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    answer = client.get("/nb/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "plain__main" in answer.content.decode()
    assert "evil.example" not in answer.content.decode()


def test_an_error_of_ours_stays_bare(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("actions.web.serving.site_of", lambda request: 1 / 0)
    answer = client.get("/nb/")
    assert answer.status_code == 500
    assert "plain__main" in answer.content.decode()


def test_publishing_is_seen_on_it(open_one, site, client, pages_are_kept, django_capture_on_commit_callbacks):
    client.get("/nb/finnes-ikke/")
    with django_capture_on_commit_callbacks(execute=True):
        open_one.unpublish()
    assert "Åpen sak" not in client.get("/nb/finnes-heller-ikke/").content.decode()
