"""Menus, language switch and lists name only what is there: what they link answers, and is for everybody."""

from urllib.parse import urlsplit

import pytest
from wagtail.models import Page, PageViewRestriction

from home.pages import ContentPage
from tests.factories import publish
from tests.home.reading import elements

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client, settings):
    """Asks the public surface; what staff change meanwhile, they change on theirs."""
    ask = client.get

    def get(*args, **more):
        settings.SURFACE = "public"
        try:
            return ask(*args, **more)
        finally:
            settings.SURFACE = "all"

    client.get = get
    return client


def nothing_changed(site, english) -> str:
    return site.home.get_url()


def second_home_page(site, english) -> str:
    site.home.copy(recursive=True, to=Page.get_first_root_node(), update_attrs={"slug": "kopi", "title": "Kopi"})
    return site.home.get_url()


def home_page_taken_away(site, english) -> str:
    english.home.unpublish()
    return "/en/my-signature/"


def for_some_only(site, english) -> str:
    PageViewRestriction.objects.create(page=site.privacy, restriction_type="login")
    return site.home.get_url()


def wrong(change, reason: str):
    return pytest.param(change, marks=pytest.mark.xfail(raises=AssertionError, strict=True, reason=reason))


@pytest.mark.parametrize(
    "change",
    [
        nothing_changed,
        wrong(
            second_home_page,
            "Menus are made of every page on the third level: those of a second home page, which no site shows, stand "
            "in them with the address None.",
        ),
        wrong(
            home_page_taken_away,
            "Where only the home page of a language is unpublished, menus in it go on linking the pages below, which "
            "answer 404.",
        ),
        for_some_only,
    ],
)
def test_every_link_of_the_menus_leads_to_a_page(change, client, site, english):
    answer = client.get(change(site, english))
    assert answer.status_code == 200
    links = elements(answer, "a", "menu") + elements(answer, "a", "site-footer", "nav")
    assert links
    for link in links:
        assert client.get(link.attrs["href"]).status_code == 200, link.text


@pytest.mark.parametrize(
    "change",
    [
        nothing_changed,
        wrong(
            home_page_taken_away,
            "Where only the home page of a language is unpublished, the pages below still name it in the switch and to "
            "search engines, and those links answer 404.",
        ),
    ],
)
def test_every_language_that_is_named_is_there(change, client, site, english):
    change(site, english)
    answer = client.get(site.privacy.get_url())
    in_head = [link for link in elements(answer, "link") if "hreflang" in link.attrs]
    for link in elements(answer, "a", "languages") + in_head:
        assert client.get(urlsplit(link.attrs["href"]).path).status_code == 200, link.attrs["hreflang"]


def test_a_list_does_not_tell_of_what_is_not_for_everybody(client, site):
    stories = publish(site.home, ContentPage(title="Historier", slug="historier", purpose="list"))
    story = publish(stories, ContentPage(title="Hemmelig", slug="hemmelig", lead="For noen."))
    PageViewRestriction.objects.create(page=story, restriction_type="login")
    assert client.get(story.get_url()).status_code == 404
    assert "Hemmelig" not in client.get(stories.get_url()).content.decode()
