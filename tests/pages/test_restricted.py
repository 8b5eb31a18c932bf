"""What is for some only is told of nowhere: not in a list, a count, a menu, a link or a file for programs."""

import pytest
from wagtail.models import PageViewRestriction

from home.pages import ContentPage
from tests.factories import PetitionFactory, action, publish, stream

pytestmark = pytest.mark.django_db
SECRET, SLUG = "Hemmelig sak", "hemmelig-adresse"


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


@pytest.fixture
def secret(site):
    """An action, a country and a story, each linked from everywhere it can be."""
    page = action(site, PetitionFactory(), title=SECRET, slug=SLUG, lead=f"{SECRET} lead", published=True)
    story = ContentPage(title=SECRET, slug=f"{SLUG}-story", lead=SECRET, country=site.china, show_in_menus=True)
    return page, publish(site.home, story)


@pytest.fixture
def public(site, secret):
    """Pages that tell of them: an action that is over, a list, and a story with a link and a card."""
    page, story = secret
    link = f'<p><a linktype="page" id="{page.pk}">words</a></p>'
    body = stream(
        ContentPage,
        "body",
        [("section", {"heading": "x", "text": link}), ("related_page", {"page": page.pk, "text": "read this"})],
    )
    telling = publish(site.home, ContentPage(title="Liste", slug="liste", purpose="list", body=body))
    story.move(telling, pos="last-child")
    over = action(site, PetitionFactory(ended=True), title="Over", slug="over")
    return [
        *(one.get_url() for one in (site.home, site.index, site.countries, site.china, telling, over, site.privacy)),
        *(f"{site.index.get_url()}?{query}" for query in ("state=open", "q=hemmelig", "country=1", "right=1")),
        f"{over.get_url()}thanks/",
        "/nb/feed/",
        "/sitemap.xml",
        "/api/v1/actions",
        "/robots.txt",
    ]


@pytest.mark.parametrize("kind", ["login", "password", "groups"])
def test_what_is_for_some_only_is_told_of_nowhere(kind, secret, public, client):
    """Seen to fail with `.live()` alone in any one of the lists."""
    before = [path for path in public if said(client, path)]
    assert len(before) >= 10, "without a restriction they tell of it"
    for page in secret:
        PageViewRestriction.objects.create(page=page, restriction_type=kind)
    assert [path for path in public if said(client, path)] == []


def test_a_country_that_is_for_some_only_is_not_linked_from_its_actions(site, client):
    page = action(site, PetitionFactory())
    PageViewRestriction.objects.create(page=site.china, restriction_type="login")
    for path in (page.get_url(), site.index.get_url(), site.home.get_url(), site.countries.get_url()):
        words = client.get(path).content.decode()
        assert site.china.get_url() not in words
        assert site.china.title not in words


def said(client, path: str) -> bool:
    answer = client.get(path)
    assert answer.status_code in (200, 302, 404), path
    words = answer.content.decode()
    return SECRET in words or SLUG in words
