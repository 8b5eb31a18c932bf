"""R40: what a visitor reads at the form is plain, in both kinds of Norwegian; and nothing of it is left in English."""

import re
from uuid import UUID

import pytest
from django.test import TestCase
from django.urls import reverse
from django.utils import translation
from wagtail.models import Locale

from actions.pages.action import ActionPage
from tests.factories import PetitionFactory, RecipientFactory, action, addressed, small_site, translate
from tests.worlds import for_the_file

pytestmark = pytest.mark.django_db
PLAIN = 40
PLAIN_ALONE = 50  # of one paragraph or label, where a few long words weigh more


def lix(text: str) -> float:
    """The readability index LIX: words per sentence, and per cent of words longer than six letters.

    Source: C.-H. Björnsson, Läsbarhet (1968). A heading, a label or a line of a list ends a sentence.
    """
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text)
    sentences = [part for part in re.split(r"[.!?:\n]+", text) if re.search(r"\w", part)]
    longer = [word for word in words if len(word) > 6]
    return len(words) / len(sentences) + 100 * len(longer) / len(words)


def text_of(html: str) -> str:
    """What is read: each element that stands alone is a line of its own."""
    html = re.sub(r"(?s)<(script|style|select|svg)\b.*?</\1>", "", html)
    html = re.sub(r"</?(p|h\d|li|legend|label|div|dt|dd|button|summary|fieldset)\b[^>]*>", "\n", html)
    return re.sub(r"[ \t]+", " ", re.sub(r"<[^>]+>", " ", html))


def form_of(body: str) -> str:
    return re.search(r'(?s)<section[^>]* id="sign".*?</section>', body).group()


def test_the_index_is_worked_out_as_its_author_did():
    assert lix("Katten sover. Hunden bjeffer.") == 2 + 25.0
    assert lix("ord " * 10 + ".") == 10


@pytest.fixture(scope="module")
def pages(django_db_setup, django_db_blocker):
    """A page for each state, in Bokmål and Nynorsk: what its translations have in common."""
    yield from for_the_file(django_db_blocker, _pages)


def _pages() -> dict[str, UUID]:
    site = small_site()
    for parent in (site.home, site.index, site.countries, site.china):
        with TestCase.captureOnCommitCallbacks(execute=True):
            translate(parent, "nn")
    recipient = RecipientFactory(name="Kari", office="leder i landet")
    asking = {"ask_country": True, "ask_postcode": True, "minimum_age": 15, "show_names": True}
    states = {
        "open": PetitionFactory(**asking),
        "confirmed": PetitionFactory(counting="confirmed"),
        "high risk": PetitionFactory(high_risk=True),
        "paused": PetitionFactory(paused=True),
        "scheduled": PetitionFactory(scheduled=True),
        "ended": PetitionFactory(ended=True),
    }
    found = {}
    for number, (name, petition) in enumerate(states.items()):
        page = action(site, addressed(petition, recipient), title="Slipp dem fri", slug=f"a{number}")
        with TestCase.captureOnCommitCallbacks(execute=True):
            translate(page, "nn")
        found[name] = page.translation_key
    return found


def addresses(pages: dict, language: str):
    locale = Locale.objects.get(language_code=language)
    for name, key in pages.items():
        yield name, ActionPage.objects.get(translation_key=key, locale=locale).get_url()


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_the_words_of_the_form_are_plain_in_every_state(language, pages, client):
    found = {}
    for name, url in addresses(pages, language):
        found[name] = lix(text_of(form_of(client.get(url).content.decode())))
        if name == "open":
            wrong = client.post(url, {"name": "", "email": "kari@", "country": "XX", "postcode": "x" * 99})
            found["errors"] = lix(text_of(form_of(wrong.content.decode())))
            thanks = client.get(url + "thanks/").content.decode()
            found["thanks"] = lix(text_of(thanks[thanks.index("<main") : thanks.index("</main>")]))
    with translation.override(language):
        for name in ("ask_link", "link_asked", "wrong_address"):
            body = client.get(reverse(f"actions:{name}")).content.decode()
            found[name] = lix(text_of(body[body.index("<main") : body.index("</main>")]))
    assert {name: round(value) for name, value in found.items() if value >= PLAIN} == {}


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_no_paragraph_or_label_is_heavy(language, pages, client):
    """Seen to fail with one sentence of the office in the help of the e-mail field."""
    heavy = {}
    for _name, url in addresses(pages, language):
        for line in text_of(form_of(client.get(url).content.decode())).splitlines():
            if len(line.split()) >= 8 and lix(line) >= PLAIN_ALONE:
                heavy[line.strip()] = round(lix(line))
    assert heavy == {}


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_no_english_is_left_at_the_form(language, pages, client):
    for _name, url in addresses(pages, language):
        text = text_of(form_of(client.get(url).content.decode()))
        assert not re.search(r"\b(the|your|you|this|with|and|sign|please)\b", text), text
