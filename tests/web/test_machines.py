"""What programs look for at fixed addresses."""

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from PIL import Image
from wagtail.models import PageViewRestriction, Site

from actions.delivery.deliver import deliver
from actions.delivery.models import Delivery
from actions.signing.sign import sign
from tests.factories import PetitionFactory, RecipientFactory, action, addressed, person, translate

ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def feed(client, path: str = "/nb/feed/"):
    answer = client.get(path)
    assert answer["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(answer.content)  # noqa: S314 - our own


@pytest.mark.parametrize("surface", ["both", "public"])
def test_a_pdf_in_a_tab_has_a_picture(surface, client, site, settings):
    """Seen to fail: 404."""
    settings.SURFACE = surface
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302
    assert answer["Location"] == "/static/favicon.ico"
    assert "public" in answer["Cache-Control"]
    head = client.get(site.home.get_url()).content.decode()
    assert '<link rel="apple-touch-icon" href="/static/apple-touch-icon.png">' in head
    with Image.open(settings.BASE_DIR / "static" / "apple-touch-icon.png") as picture:
        assert picture.size == (180, 180)
    with Image.open(settings.BASE_DIR / "static" / "favicon.ico") as picture:
        assert {(16, 16), (32, 32), (48, 48)} == picture.info["sizes"]


@pytest.mark.parametrize("surface", ["both", "public"])
def test_the_feed_tells_of_actions_and_of_what_was_handed_over(surface, client, site, staff, settings):
    """Seen to fail on the public surface, which may not read all of a delivery: an error for everybody."""
    settings.SURFACE = surface
    recipient = RecipientFactory()
    petition = addressed(PetitionFactory(), recipient)
    page = action(site, petition)
    action(site, PetitionFactory(scheduled=True), title="Kommer")
    sign(petition=petition, person=person(), language="nb")
    deliver(petition=petition, recipients=[recipient], delivered_on=timezone.localdate(), by=staff)
    root = feed(client)
    titles = [entry.findtext("a:title", namespaces=ATOM) for entry in root.findall("a:entry", ATOM)]
    assert sorted(titles) == ["Fengslet uten dom", "Overlevert: Fengslet uten dom"]
    links = [entry.find("a:link", ATOM).attrib["href"] for entry in root.findall("a:entry", ATOM)]
    assert set(links) == {page.full_url}
    told = next(e for e in root.findall("a:entry", ATOM) if e.findtext("a:title", namespaces=ATOM).startswith("Over"))
    assert "1 signatur" in told.findtext("a:summary", namespaces=ATOM)
    assert "<" not in told.findtext("a:summary", namespaces=ATOM)


def entries(client, tag: str) -> list[str]:
    return [entry.findtext(f"a:{tag}", namespaces=ATOM) for entry in feed(client).findall("a:entry", ATOM)]


def test_another_address_makes_nothing_new_in_readers(client, site, staff, settings):
    """Seen to fail: the ids of entries were addresses of pages."""
    petition = addressed(PetitionFactory(), recipient := RecipientFactory())
    page = action(site, petition)
    sign(petition=petition, person=person(), language="nb")
    deliver(petition=petition, recipients=[recipient], delivered_on=timezone.localdate(), by=staff)
    before = entries(client, "id")
    assert all(one.startswith("urn:uuid:") for one in before)
    assert len(set(before)) == 2
    page.slug, page.title = "et-annet-navn", "Et annet navn"
    page.save_revision().publish()
    assert entries(client, "id") == before


def test_no_entry_comes_from_the_future(client, site, staff):
    """Seen to fail: what was handed over in the morning bore noon, and readers missed what changed until then."""
    petition = addressed(PetitionFactory(), recipient := RecipientFactory())
    action(site, petition)
    sign(petition=petition, person=person(), language="nb")
    deliver(petition=petition, recipients=[recipient], delivered_on=timezone.localdate(), by=staff)
    now, recorded = timezone.now(), Delivery.objects.get().created_at
    for tag in ("published", "updated"):
        assert all(datetime.fromisoformat(at) <= now for at in entries(client, tag))
    assert recorded in [datetime.fromisoformat(at) for at in entries(client, "updated")]
    assert feed(client).findtext("a:updated", namespaces=ATOM) == max(entries(client, "updated"))


@pytest.mark.parametrize("host", ["localhost", "testserver", "127.0.0.1"])
def test_what_we_are_called_by_does_not_depend_on_who_asked_how(host, client, site, settings):
    """RFC 4287, 4.2.6, and RFC 9116, 2.5.2. Seen to fail with addresses made from the host that was asked."""
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["*"], "https://example.org"
    asked = {"headers": {"Host": host}}
    root = ElementTree.fromstring(client.get("/nb/feed/", **asked).content)  # noqa: S314 - our own
    assert root.findtext("a:id", namespaces=ATOM) == "https://example.org/nb/"
    links = {link.attrib["rel"]: link.attrib["href"] for link in root.findall("a:link", ATOM)}
    assert links == {"self": "https://example.org/nb/feed/", "alternate": "https://example.org/nb/"}
    assert "Sitemap: https://example.org/sitemap.xml" in client.get("/robots.txt", **asked).content.decode()
    security = client.get("/.well-known/security.txt", **asked).content.decode()
    assert "Canonical: https://example.org/.well-known/security.txt" in security


def test_the_words_of_an_entry_are_words(client, site):
    """Seen to fail: as HTML, “A < B” was shown as “A”."""
    action(site, PetitionFactory(), lead="A < B & C")
    [summary] = feed(client).findall("a:entry/a:summary", ATOM)
    assert (summary.attrib["type"], summary.text) == ("text", "A < B & C")


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_there_is_a_feed_in_each_language(client, site, language):
    root = feed(client, f"/{language}/feed/")
    assert root.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == language
    assert "public" in client.get(f"/{language}/feed/")["Cache-Control"]


def test_the_feed_is_named_where_actions_are_listed(client, site):
    for page in (site.home, site.index):
        assert 'type="application/atom+xml"' in client.get(page.get_url()).content.decode()


def urls(client) -> dict[str, dict[str, str]]:
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 - our own
    return {
        url.findtext("s:loc", namespaces=MAP): {
            link.attrib["hreflang"]: link.attrib["href"] for link in url.findall("x:link", MAP)
        }
        for url in root.findall("s:url", MAP)
    }


def test_the_sitemap_names_every_page_with_its_languages(client, site, django_capture_on_commit_callbacks):
    page = action(site, PetitionFactory())
    for one in (site.home, site.index, page):
        with django_capture_on_commit_callbacks(execute=True):
            translate(one, "en")
    Site.clear_site_root_paths_cache()
    found = urls(client)
    assert {page.full_url, site.home.full_url, site.privacy.full_url} <= set(found)
    assert set(found[page.full_url]) == {"nb", "en"}
    assert found[page.full_url]["en"] in found
    assert found[found[page.full_url]["en"]] == found[page.full_url]
    assert not any("my-signature" in url or "thanks" in url for url in found)


def test_the_sitemap_leaves_out_what_is_not_for_everybody(client, site):
    page, other = action(site, PetitionFactory()), action(site, PetitionFactory(), title="Annen")
    other.unpublish()
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert not {page.full_url, other.full_url} & set(urls(client))


def test_the_sitemap_takes_no_more_queries_with_more_pages(client, site, django_assert_max_num_queries):
    for number in range(8):
        action(site, PetitionFactory(), title=f"Aksjon {number}")
    client.get("/sitemap.xml")
    with django_assert_max_num_queries(12):
        client.get("/sitemap.xml")


def test_robots_may_read_what_is_for_everybody(client, site):
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in text
    assert "Disallow: /admin/" in text
    assert "Disallow: /nn/my-signature/" in text
    assert "Disallow: /nb/aksjoner" not in text


def test_whom_to_tell_of_a_hole(client, site, settings):
    text = client.get("/.well-known/security.txt").content.decode()
    assert "Contact: mailto:personvern@example.org" in text
    expires = datetime.strptime(re.search(r"Expires: (\S+)", text)[1], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=30) < expires - timezone.now() < timedelta(days=365)
    settings.SECURITY_CONTACT = "https://example.org/security"
    assert "Contact: https://example.org/security" in client.get("/.well-known/security.txt").content.decode()


def test_where_to_change_a_password(client, site, settings):
    assert client.get("/.well-known/change-password").status_code == 302
    settings.SURFACE = "public"
    assert client.get("/.well-known/change-password").status_code == 404
