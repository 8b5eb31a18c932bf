"""Stories, lists of them and standing pages, and the picture and words a page is shared with."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Page

from home.pages import ContentPage
from home.templatetags.frame import share_image
from tests.factories import image, publish
from tests.home.reading import elements

pytestmark = pytest.mark.django_db


@pytest.fixture
def stories(site) -> ContentPage:
    """A list with two stories, the older one first in the tree."""
    above = publish(site.home, ContentPage(title="Historier", slug="historier", purpose="list"))
    for title, days in (("Gammel sak", 9), ("Ny sak", 1)):
        page = publish(above, ContentPage(title=title, slug=title.lower().replace(" ", "-"), lead=f"Om {title}"))
        Page.objects.filter(pk=page.pk).update(first_published_at=timezone.now() - timedelta(days=days))
    return above


def cards(client, page) -> list[str]:
    return [link.text for link in elements(client.get(page.get_url()), "a", "card")]


def test_a_list_shows_the_pages_below_it_newest_first(stories, client):
    """Seen to fail in the order of the tree."""
    assert cards(client, stories) == ["Ny sak", "Gammel sak"]


@pytest.mark.parametrize("purpose", ["story", "standing"])
def test_other_pages_list_nothing(purpose, stories, client):
    stories.purpose = purpose
    stories.save_revision().publish()
    assert cards(client, stories) == []


def test_a_list_shows_neither_drafts_nor_what_is_further_down(stories, client):
    """Seen to fail without `live`."""
    story = stories.stories().first()
    publish(story, ContentPage(title="Dypere", slug="dypere"))
    stories.stories().last().unpublish()
    assert cards(client, stories) == ["Ny sak"]


def test_a_list_finds_its_stories_with_their_pictures_in_one_query(stories, django_assert_num_queries):
    """Seen to fail with each picture asked for by itself."""
    picture = image()
    ContentPage.objects.child_of(stories).update(hero_image=picture)
    with django_assert_num_queries(1):
        told = [(story.title, story.picture) for story in stories.stories()]
    assert told == [("Ny sak", picture), ("Gammel sak", picture)]


def named(answer) -> dict[str, str]:
    """What networks and search engines are told, by name."""
    told = [one.attrs for one in elements(answer, "meta", "head") if "content" in one.attrs]
    return {attrs.get("property") or attrs["name"]: attrs["content"] for attrs in told}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"lead": "Ingress"}, ("Sak", "Ingress", "Ingress")),
        ({"search_description": "Søk"}, ("Sak", "Søk", "Søk")),
        ({"lead": "Ingress", "search_description": "Søk"}, ("Sak", "Ingress", "Søk")),
        ({"lead": "Ingress", "share_text": "Del", "share_title": "Kort"}, ("Kort", "Del", "Ingress")),
        ({"lead": 'A & "B" <c>'}, ("Sak", 'A & "B" <c>', 'A & "B" <c>')),
    ],
)
def test_words_for_sharing_and_searching_fall_back_on_the_lead(words, told, client, site):
    page = publish(site.home, ContentPage(title="Sak", slug="sak", **words))
    found = named(client.get(page.get_url()))
    assert (found["og:title"], found["og:description"], found["description"]) == told


@pytest.mark.parametrize(("purpose", "kind"), [("story", "article"), ("standing", "website")])
def test_a_story_is_shared_as_an_article_of_the_organisation(purpose, kind, client, site):
    page = publish(site.home, ContentPage(title="Sak", slug="sak", purpose=purpose))
    found = named(client.get(page.get_url()))
    assert (found["og:type"], found["og:site_name"], found["og:url"]) == (kind, "Foreningen", page.get_full_url())


@pytest.mark.parametrize(
    ("pictures", "shown"),
    [([], None), (["hero_image"], "hero_image"), (["hero_image", "share_image"], "share_image")],
)
def test_the_picture_for_sharing_comes_before_the_one_of_the_page(pictures, shown, site):
    """Seen to fail with the picture of the page taken first."""
    page = publish(site.home, ContentPage(title="Sak", slug="sak", **{name: image(name) for name in pictures}))
    rendition = share_image(page)
    assert (rendition and rendition.image) == (shown and getattr(page, shown))


@pytest.mark.parametrize("picture", [True, False])
def test_the_picture_is_told_with_its_size(picture, client, site):
    page = publish(site.home, ContentPage(title="Sak", slug="sak", share_image=image() if picture else None))
    found = named(client.get(page.get_url()))
    assert [found.get(name) for name in ("og:image:width", "og:image:height", "twitter:card")] == (
        ["1200", "630", "summary_large_image"] if picture else [None] * 3
    )
    assert found.get("og:image", "").startswith("http://") is picture


@pytest.mark.parametrize("picture", ["hero_image", "share_image"])
def test_a_page_is_shown_when_the_file_of_its_picture_is_gone(picture, client, site):
    page = publish(site.home, ContentPage(title="Sak", slug="sak", **{picture: image()}))
    file = getattr(page, picture).file
    file.storage.delete(file.name)
    assert client.get(page.get_url()).status_code == 200


def test_the_privacy_page_and_every_footer_lead_to_ones_own_signature(client, site):
    """Seen to fail without the link in the page: it told people to write a mail."""
    way = "/nb/my-signature/"
    answer = client.get(site.privacy.get_url())
    for part in ("main", "footer"):
        assert [link.attrs["href"] for link in elements(answer, "a", part)].count(way) == 1, part
    home = client.get(site.home.get_url())
    assert way in [link.attrs["href"] for link in elements(home, "a", "footer")]
