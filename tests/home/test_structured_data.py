"""What search engines are told of a page (JSON-LD): true, whole, nothing personal, and never a script."""

import json
import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from wagtail.models import Locale

from actions.rules.languages import og_locale
from actions.signing.models import PublicName, Signature
from actions.signing.sign import sign
from home.organisation import Organisation
from home.pages import ContentPage
from tests.factories import PetitionFactory, action, person, publish, stream, translate
from tests.home.reading import elements

pytestmark = pytest.mark.django_db

JSON_LD = "application/ld+json"


def crumbs(answer) -> list[tuple[int, str, str]]:
    """Position, name and address of each step down to the page."""
    [script] = [one for one in scripts(answer) if one.attrs.get("type") == JSON_LD]
    lists = [one for one in json.loads("".join(script.pieces))["@graph"] if one["@type"] == "BreadcrumbList"]
    return [(one["position"], one["name"], one["item"]) for one in (lists[0]["itemListElement"] if lists else [])]


def scripts(answer) -> list:
    return elements(answer, "script")


def told(answer) -> tuple[dict, dict]:
    """Of the organisation, and of the page."""
    [script] = [one for one in scripts(answer) if one.attrs.get("type") == JSON_LD]
    data = json.loads("".join(script.pieces))
    assert data["@context"] == "https://schema.org"
    sender, page = data["@graph"][:2]
    assert page["publisher"] == {"@id": sender["@id"]}
    return sender, page


def test_it_says_what_the_page_says(client, site):
    page = action(site, PetitionFactory(), share_text="Kort sagt.")
    sender, of_page = told(client.get(page.get_url(), headers={"Host": "localhost"}))
    assert sender == {
        "@type": "NGO",
        "@id": "http://testserver/nb/#organisation",  # SITE_URL, whatever host was asked
        "name": "Foreningen",
        "url": "http://testserver/nb/",
    }
    assert (of_page["@id"], of_page["url"]) == (page.get_full_url(), page.get_full_url())
    assert (of_page["name"], of_page["headline"]) == ("Fengslet uten dom", "Fengslet uten dom")
    assert (of_page["description"], of_page["inLanguage"]) == ("Kort sagt.", "nb")


def test_it_says_where_the_page_stands(client, site):
    """Seen to fail: there was none."""
    page = action(site, PetitionFactory())
    index = site.index
    assert crumbs(client.get(page.get_url(), headers={"Host": "localhost"})) == [
        (1, "Foreningen", "http://testserver/nb/"),
        (2, index.title, index.get_full_url()),
        (3, "Fengslet uten dom", page.get_full_url()),
    ]
    assert crumbs(client.get(site.home.get_url())) == []


def test_a_page_above_that_is_for_some_only_is_no_step(client, site):
    above = publish(site.home, ContentPage(title="Lukket", slug="lukket"))
    page = publish(above, ContentPage(title="Sak", slug="sak"))
    above.live = False
    above.save()
    assert [name for _n, name, _url in crumbs(client.get(page.get_url()))] == ["Foreningen", "Sak"]


def test_the_home_page_is_called_what_the_organisation_is(client, site):
    """Seen to fail: “Home”."""
    _sender, of_page = told(client.get(site.home.get_url()))
    assert of_page["name"] == "Foreningen"
    assert of_page["headline"] == site.home.heading


@pytest.mark.parametrize(
    "words",
    [
        "</script><script>alert(1)</script>",
        "</SCRIPT ><img src=x onerror=alert(1)>",
        "<!--<script>",
        "]]> --> &amp; &lt; \\u003c \"sitat\" 'to' \\",
        "linje\u2028skille\u2029 {{ x }} {% y %}",
        "أطلقوا سراح 🕊️",
    ],
)
def test_words_stay_words(words, client, site):
    """Seen to fail with the JSON put in as it is: a title ended the element, and the rest of it ran."""
    plain = client.get(publish(site.home, ContentPage(title="Vanlig", slug="vanlig", lead="Vanlig")).get_url())
    page = publish(site.home, ContentPage(title=words, slug="sak", lead=words))
    site.organisation.name = words
    site.organisation.save()
    answer = client.get(page.get_url())
    sender, of_page = told(answer)
    assert (sender["name"], of_page["name"], of_page["description"]) == (words, words, words)
    assert len(scripts(answer)) == len(scripts(plain))
    assert not any("<" in "".join(one.pieces) for one in scripts(answer)), "nothing that could end it, in any browser"


def test_its_dates_are_those_of_the_page_with_their_zone(client, site):
    """Seen to fail with days instead of instants."""
    page = action(site, PetitionFactory())
    page.save_revision().publish()
    page.refresh_from_db()
    _sender, of_page = told(client.get(page.get_url()))
    published, modified = (datetime.fromisoformat(of_page[name]) for name in ("datePublished", "dateModified"))
    assert published.tzinfo
    assert (published, modified) == (page.first_published_at, page.last_published_at)
    assert published < modified


def test_what_was_never_published_has_no_dates(site):
    new = ContentPage(title="Ny", slug="ny", lead="Ingress", locale=site.home.locale)
    new.set_url_path(site.home)
    _sender, of_page = told(new.make_preview_request())
    assert not {"datePublished", "dateModified"} & set(of_page)


@pytest.mark.parametrize(
    ("purpose", "kind"), [("story", "Article"), ("list", "WebPage"), ("standing", "WebPage"), ("privacy", "WebPage")]
)
def test_only_a_story_is_an_article(purpose, kind, client, site):
    page = publish(site.home, ContentPage(title="Sak", slug="sak", purpose=purpose))
    assert told(client.get(page.get_url()))[1]["@type"] == kind


def test_each_language_has_its_own(client, translated):
    for page, code in zip(translated, ("nb", "en"), strict=True):
        sender, of_page = told(client.get(page.get_url()))
        assert (of_page["inLanguage"], of_page["name"]) == (code, page.title)
        assert sender["url"].endswith(f"/{code}/")


def test_the_profiles_of_the_organisation_are_named(client, site):
    profiles = [{"name": "Mastodon", "url": "https://social.example.org/@a?b=1&c=<2>"}]
    assert "sameAs" not in told(client.get(site.home.get_url()))[0]
    site.organisation.profiles = stream(Organisation, "profiles", [("profile", one) for one in profiles])
    site.organisation.save()
    assert told(client.get(site.home.get_url()))[0]["sameAs"] == [profiles[0]["url"]]


@pytest.mark.parametrize("part", ["", "privacy/"])
def test_nobody_is_in_it(part, client, site, staff):
    """Neither who signed nor who wrote, not even where the page itself shows first names.

    Seen to fail with the owner of the page named as its author.
    """
    staff.first_name, staff.last_name = "Synnøve", "Skriver"
    staff.save()
    petition = PetitionFactory(show_names=True)
    page = action(site, petition, owner=staff)
    sign(petition=petition, person=person(name="Kari Nordmann"), language="nb", show_name=True)
    PublicName.objects.create(
        signature=Signature.objects.get(),
        petition=petition,
        first_name="Kari",
        place="Bodø",
        shuffle=1,
        shown_from=timezone.now(),
    )
    answer = client.get(page.get_url() + part)
    assert ("Kari, Bodø" in answer.content.decode()) is (part == "")
    data = json.dumps(told(answer), ensure_ascii=False)
    for words in ("Kari", "Bodø", "Nordmann", "signer1", "Synnøve", "Skriver", "staff", "personvern@example.org"):
        assert words not in data, words


OPEN_GRAPH = {"nb": "nb_NO", "nn": "nn_NO", "en": "en_GB"}


@pytest.mark.parametrize("language", OPEN_GRAPH)
def test_networks_are_told_the_language_as_they_write_it(language, client, site, django_capture_on_commit_callbacks):
    """Seen to fail: "nb", which they do not know."""
    page = action(site, PetitionFactory(), published=True)
    for other in ("nn", "en"):
        with django_capture_on_commit_callbacks(execute=True):
            translate(page, other)
    page = page.get_translation(Locale.objects.get(language_code=language))
    metas = [one.attrs for one in elements(client.get(page.get_url()), "meta")]
    assert [one["content"] for one in metas if one.get("property") == "og:locale"] == [OPEN_GRAPH[language]]
    others = {one["content"] for one in metas if one.get("property") == "og:locale:alternate"}
    assert others == set(OPEN_GRAPH.values()) - {OPEN_GRAPH[language]}


@pytest.mark.parametrize(
    ("language", "written"), [("pt-br", "pt_BR"), ("zh-hans", "zh_CN"), ("se", "se_NO"), ("tlh", "")]
)
def test_a_language_without_a_country_is_not_guessed_at(language, written):
    assert og_locale(language) == written


def test_moments_are_written_as_html_knows_them(client, site):
    """At most milliseconds. Seen to fail with microseconds, on every page with a stamp."""
    page = action(site, PetitionFactory(), published=True)
    moments = [one.attrs["datetime"] for one in elements(client.get(page.get_url()), "time")]
    assert moments
    for moment in moments:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", moment)
        assert abs(datetime.fromisoformat(moment) - page.first_published_at) < timedelta(seconds=5)
