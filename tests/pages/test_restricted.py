"""What is for some only is told of nowhere: not in a list, a count, a menu, a link or a file for programs."""

import pytest
from wagtail.models import PageViewRestriction, ReferenceIndex

from actions.pages.action import ActionPage
from actions.pages.rights import RightsIndexPage
from home.pages import ContentPage
from tests.factories import PetitionFactory, action, article, publish, stream, translate

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
    """An action and a story, each linked from everywhere it can be."""
    cited = {"articles": [article(5, site.home.locale).pk], "text": ""}
    body = stream(ActionPage, "body", [("rights", {"heading": "Rights", "lead": "", "groups": [cited]})])
    page = action(site, PetitionFactory(), title=SECRET, slug=SLUG, lead=f"{SECRET} lead", body=body, published=True)
    ReferenceIndex.create_or_update_for_object(page)
    story = ContentPage(title=SECRET, slug=f"{SLUG}-story", lead=SECRET, country=site.china)
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
    rights = publish(site.home, RightsIndexPage(title="Rettigheter", slug="rettigheter"))
    return [
        *(one.get_url() for one in (site.home, site.index, site.countries, site.china, rights)),
        *(one.get_url() for one in (telling, over, site.privacy)),
        *(f"{site.index.get_url()}?{query}" for query in ("state=open", "q=hemmelig", "country=1", "right=1")),
        f"{over.get_url()}thanks/",
        "/nb/feed/",
        "/sitemap.xml",
        "/api/v1/actions",
        "/robots.txt",
    ]


@pytest.mark.parametrize("kind", ["login", "password", "groups"])
def test_what_is_for_some_only_is_told_of_nowhere(kind, secret, public, client):
    """Seen to fail with `.live()` alone in any one of the eleven modules that list such pages."""
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


def test_what_is_for_some_only_is_in_no_menu(site, client):
    """Seen to fail with `.live()` alone in `home.navigation`."""
    page = publish(site.home, ContentPage(title=SECRET, slug=SLUG, show_in_menus=True))
    assert said(client, site.index.get_url())
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert not said(client, site.index.get_url())


def test_a_language_that_is_for_some_only_is_not_switched_to(site, client, django_capture_on_commit_callbacks):
    """Seen to fail with `.live()` alone in `SitePage.alternates`."""
    with django_capture_on_commit_callbacks(execute=True):
        translate(site.home, "en")
        english = translate(site.privacy, "en")
    assert english.get_url() in client.get(site.privacy.get_url()).content.decode()
    PageViewRestriction.objects.create(page=english, restriction_type="login")
    assert english.get_url() not in client.get(site.privacy.get_url()).content.decode()


def said(client, path: str) -> bool:
    answer = client.get(path)
    assert answer.status_code in (200, 302, 404), path
    words = answer.content.decode()
    return SECRET in words or SLUG in words
