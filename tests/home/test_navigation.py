"""The menus around every page: what is in them, in which language, and where one is."""

import pytest
from django.test import RequestFactory
from django.utils import translation
from wagtail.models import Page

from home.navigation import frame, menus
from home.pages import ContentPage
from tests.factories import PetitionFactory, action, publish
from tests.home.reading import Element, elements

pytestmark = pytest.mark.django_db


def header(answer) -> list[Element]:
    return elements(answer, "a", "menu")


def footer(answer) -> list[Element]:
    return elements(answer, "a", "site-footer", "nav")


def titles(links: list[Element]) -> list[str]:
    return [link.text for link in links]


@pytest.mark.parametrize(
    ("purpose", "place"),
    [("story", header), ("list", header), ("standing", footer), ("privacy", footer), ("accessibility", footer)],
)
def test_a_page_stands_in_the_menu_that_its_purpose_asks_for(purpose, place, client, site):
    """Seen to fail with accessibility taken out of the standing purposes."""
    page = publish(site.home, ContentPage(title="Ny", slug="ny", purpose=purpose, show_in_menus=True))
    answer = client.get(site.home.get_url())
    other = header if place is footer else footer
    assert (page.get_url(), "Ny") in [(link.attrs["href"], link.text) for link in place(answer)]
    assert "Ny" not in titles(other(answer))


def test_pages_stand_in_the_order_of_the_tree(client, site):
    for title, slug in (("Nyheter", "nyheter"), ("Bli med", "bli-med")):
        publish(site.home, ContentPage(title=title, slug=slug, show_in_menus=True))
    assert titles(header(client.get(site.home.get_url()))) == ["Aksjoner", "Nyheter", "Bli med"]


def below(site, **more) -> Page:
    return publish(site.home, ContentPage(title="Ny", slug="ny", **{"show_in_menus": True} | more))


NOT_IN_A_MENU = {
    "not asked for": lambda site: below(site, show_in_menus=False),
    "never published": lambda site: site.home.add_child(
        instance=ContentPage(title="Ny", slug="ny", live=False, show_in_menus=True, locale=site.home.locale)
    ),
    "no longer published": lambda site: below(site).unpublish(),
    "further down": lambda site: publish(site.privacy, ContentPage(title="Ny", slug="ny", show_in_menus=True)),
}


@pytest.mark.parametrize("why", NOT_IN_A_MENU)
def test_other_pages_stand_in_no_menu(why, client, site):
    """Seen to fail without `live`, without `in_menu` and without the depth."""
    NOT_IN_A_MENU[why](site)
    answer = client.get(site.home.get_url())
    assert (titles(header(answer)), titles(footer(answer))) == (["Aksjoner"], ["Personvern"])


def test_menus_are_in_the_language_of_the_page(client, translated):
    """Seen to fail without the language in the query."""
    for page, expected in zip(translated, (["Aksjoner", "Personvern"], ["en-Aksjoner", "en-Personvern"]), strict=True):
        answer = client.get(page.get_url())
        assert titles(header(answer) + footer(answer)) == expected


@pytest.mark.parametrize(("code", "word"), [("nb", "Aksjoner"), ("en", "en-Aksjoner")])
def test_pages_that_are_no_pages_of_wagtail_have_them_too(code, word, client, translated):
    assert titles(header(client.get(f"/{code}/my-signature/"))) == [word]


def test_the_menu_says_where_one_is(client, site):
    """Seen to fail with addresses compared without their last slash: “aksjoner” begins “aksjoner-for”."""
    page = action(site, PetitionFactory())
    other = publish(site.home, ContentPage(title="Aksjoner før", slug="aksjoner-for", show_in_menus=True))
    places = [(site.index, "page", None), (page, "true", None), (other, None, "page"), (site.home, None, None)]
    for at, *marks in places:
        assert [link.attrs.get("aria-current") for link in header(client.get(at.get_url()))] == marks, at


def test_a_title_is_text(client, site):
    title = '<img src=x onerror="alert(1)"> & co'
    publish(site.home, ContentPage(title=title, slug="ny", show_in_menus=True))
    answer = client.get(site.home.get_url())
    assert titles(header(answer)) == ["Aksjoner", title]
    assert not [image for image in elements(answer, "img") if image.attrs.get("src") == "x"]


def test_the_notice_of_an_action_leads_to_the_privacy_page_while_there_is_one(client, site):
    page = action(site, PetitionFactory())
    for there in (True, False):
        links = elements(client.get(page.get_url() + "privacy/"), "a", "main")
        assert (site.privacy.get_url() in [link.attrs["href"] for link in links]) is there
        site.privacy.unpublish()


def test_nothing_is_asked_before_a_template_asks(site, django_assert_num_queries):
    """Seen to fail with menus looked up at once."""
    with django_assert_num_queries(0), translation.override("nb"):
        context = frame(RequestFactory().get("/nb/"))
    with django_assert_num_queries(1):
        assert context["menus"].privacy.title == "Personvern"
        assert [page.title for page in context["menus"].header] == ["Aksjoner"]


def test_without_pages_there_are_no_menus(locales):
    assert menus("nn") == ([], [], None)


def test_the_privacy_page_leads_to_my_signature_and_other_pages_do_not(client, site):
    """Seen to fail: it knew only an address to write to."""
    page = publish(site.home, ContentPage(title="Om oss", slug="om-oss", purpose="standing"))
    words = "Se, rett eller trekk signaturen din"
    assert words in titles(elements(client.get(site.privacy.get_url()), "a", "main"))
    assert words not in titles(elements(client.get(page.get_url()), "a", "main"))
