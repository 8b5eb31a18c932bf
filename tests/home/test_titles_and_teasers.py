"""Titles fit where they are shown, and what is cut is cut between words."""

import re

import pytest

from tests.factories import PetitionFactory, action

pytestmark = pytest.mark.django_db
LONG = "Stans henrettelsene av demonstranter og la alle få en rettferdig rettergang i Iran"


@pytest.mark.parametrize("path", ["privacy/", "thanks/"])
def test_titles_of_what_belongs_to_a_page_fit_in_seventy_signs(path, client, site):
    """Seen to fail: three parts, however long."""
    for title, is_short in ((LONG, False), ("Fri", True)):
        page = action(site, PetitionFactory(), title=title, slug=f"a{len(title)}")
        body = client.get(page.get_url() + path).content.decode()
        told = re.search(r"<title>(.*?)</title>", body, re.S)[1]
        assert len(told) <= 70
        assert title[:10] in told
        assert ("Foreningen" in told) is is_short


def test_cards_and_descriptions_are_cut_between_words(client, site):
    """Seen to fail with Django's `truncatechars`: “at the top o…”."""
    lead = "Mennesker som har demonstrert fredelig dømmes til døden etter rettssaker på minutter. " * 5
    page = action(site, PetitionFactory(), lead=lead)
    index = client.get(site.index.get_url()).content.decode()
    [on_card] = re.findall(r'<p class="card__lead">(.*?)</p>', index, re.S)
    [described] = re.findall(
        r'<meta property="og:description" content="(.*?)">', client.get(page.get_url()).content.decode()
    )
    for text in (on_card, described):
        assert text.endswith("…")
        assert lead.startswith(text[:-1])
        assert lead[len(text) - 1] in " .,"
