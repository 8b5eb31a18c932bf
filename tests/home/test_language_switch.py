"""The language switch: the same place in each language, or the nearest page above that is published in it."""

import pytest

from actions.translating.sending import send
from home.pages import ContentPage
from mysite.settings.languages import named
from tests.factories import translate
from tests.home.reading import Element, elements

pytestmark = pytest.mark.django_db


def switch(answer) -> dict[str, Element]:
    """The links of the switch by the language they name, in its order."""
    return {link.attrs["lang"]: link for link in elements(answer, "a", "languages")}


def name(link: Element) -> str:
    """As assistive technology reads it: all of its words."""
    return link.text


def test_what_is_seen_of_a_language_begins_its_name(translated, client, site, committing):
    """Label in name (WCAG 2.5.3). Seen to fail: what is seen was hidden from assistive technology, and named apart."""
    with committing():
        translate(site.home, "nn")
    answer = client.get(translated[0].get_url())
    body = answer.content.decode().partition('class="languages"')[2].partition("</nav>")[0]
    assert "aria-hidden" not in body
    assert "title=" not in body, "said twice, or nowhere"
    names = {code: name(link) for code, link in switch(answer).items()}
    assert names["en"] == "EN – English"
    assert names["nn"].startswith("NN ikkje enno – Norsk nynorsk: denne sida er ikkje omsett enno.")


def test_the_page_names_its_other_languages(translated, client):
    source, target = translated
    body = client.get(source.get_url()).content.decode()
    assert f'hreflang="en" href="{target.get_full_url()}"' in body
    assert f'hreflang="x-default" href="{source.get_full_url()}"' in body
    assert f'href="{target.get_url()}" lang="en"' in body
    assert 'hreflang="nn"' not in body, "nothing is published in Nynorsk"


def test_each_language_is_named_in_itself_and_the_one_of_the_page_is_marked(translated, client):
    """Seen to fail with every language marked, and with names in the language of the page."""
    for page in translated:
        links = switch(client.get(page.get_url()))
        assert {code: name(link) for code, link in links.items()} == {"nb": "NB – Norsk bokmål", "en": "EN – English"}
        assert [link.attrs["hreflang"] for link in links.values()] == ["nb", "en"]
        current = [code for code, link in links.items() if link.attrs.get("aria-current") == "true"]
        assert current == [page.locale.language_code]


def test_languages_stand_in_the_order_of_the_settings(translated, client, settings):
    """Seen to fail in the order in which the pages were made."""
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = named(["en", "nn", "nb"])
    answer = client.get(translated[0].get_url())
    assert list(switch(answer)) == ["en", "nb"]
    told = [link.attrs["hreflang"] for link in elements(answer, "link") if "hreflang" in link.attrs]
    assert told == ["en", "x-default", "nb"]


def test_what_is_not_translated_leads_to_the_nearest_page_above_and_says_so(translated, client, site, committing):
    """Seen to fail with the home page as the only way out."""
    source, _target = translated
    with committing():
        translate(site.home, "nn")
        index = translate(site.index, "nn", {"Aksjoner": "Aksjonar", "aksjoner": "aksjonar"})
    body = client.get(source.get_url()).content.decode()
    assert f'<a class="languages__missing" href="{index.get_url()}" lang="nn"' in body
    assert "denne sida er ikkje omsett enno. Lenkja fører til «Aksjonar»." in body
    assert f'hreflang="nn" href="{index.get_full_url()}"' not in body, "the index is no translation of the action"


def test_a_draft_is_no_way_out(translated, client, site, committing, locales, staff):
    source, _target = translated
    with committing():
        translate(site.home, "nn")
        send([site.index, source], [locales["nn"]], staff)
    body = client.get(source.get_url()).content.decode()
    assert '<a class="languages__missing" href="/nn/" lang="nn"' in body


def test_a_page_that_is_nowhere_yet_leads_to_the_home_pages(translated, site):
    """Seen to fail without the case of a page that is not stored."""
    new = ContentPage(title="Ny", slug="ny", locale=site.home.locale)
    new.set_url_path(site.home)
    links = switch(new.make_preview_request())
    assert links["en"].attrs["href"] == "/en/"
    assert links["en"].attrs["class"] == "languages__missing"


def test_a_language_that_was_taken_away_breaks_no_page(translated, client, settings):
    source, _target = translated
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = [("nb", "Bokmål"), ("nn", "Nynorsk")]
    body = client.get(source.get_url()).content.decode()
    assert 'hreflang="en"' not in body
