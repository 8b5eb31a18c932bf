"""To whoever sends something to an address that can only be read: a page that says so, in its language."""

import pytest

from tests.factories import PetitionFactory, action

pytestmark = pytest.mark.django_db
WORDS = {"nb": "Det går ikke an her", "nn": "Det går ikkje an her", "en": "That cannot be done here"}


@pytest.mark.parametrize("language", WORDS)
def test_it_is_readable(language, client, site):
    """Seen to fail: an empty page."""
    answer = client.post(f"/{language}/my-signature/sent/")
    assert answer.status_code == 405
    assert set(answer["Allow"].split(", ")) == {"GET", "HEAD"}
    assert f"<h1>{WORDS[language]}</h1>" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("path", ["thanks/", "privacy/", "letter/", "embed/thanks/"])
def test_pages_say_so_too(path, client, site):
    answer = client.post(action(site, PetitionFactory()).get_url() + path)
    assert answer.status_code in (404, 405)
    assert "<h1>" in answer.content.decode()


def test_a_home_page_too(client, site):
    answer = client.post(site.home.get_url())
    assert answer.status_code == 405
    assert "<h1>Det går ikke an her</h1>" in answer.content.decode()


def test_programs_are_told_in_their_own_form(client, site):
    answer = client.post("/api/v1/actions")
    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"
