"""One action, several languages: what is shared, what is translated, and which language a visitor gets."""

import pytest
from django.test import TestCase
from wagtail.models import Locale

from actions.pages.action import ActionPage
from actions.signing.models import Signature
from tests.factories import (
    PetitionFactory,
    RecipientFactory,
    action,
    addressed,
    article,
    seen_by_visitors,
    small_site,
    stream,
    translate,
)
from tests.worlds import for_the_file

pytestmark = pytest.mark.django_db


def make() -> tuple[int, int]:
    site = small_site()
    locales = {locale.language_code: locale for locale in Locale.objects.all()}
    recipient = RecipientFactory()
    petition = addressed(PetitionFactory(), recipient)
    for language in ("nb", "en"):
        article(5, locales[language])
    key = article(5, locales["nb"]).translation_key
    type(article(5, locales["en"])).objects.filter(number=5).update(translation_key=key)
    rights = {
        "heading": "Rettigheter",
        "lead": "",
        "groups": [{"articles": [article(5, locales["nb"]).pk], "text": ""}],
    }
    demands = {"heading": "Vi krever", "demands": ["slipp dem fri", "si hvor de er"]}
    page = action(
        site, petition, body=stream(ActionPage, "body", [("rights", rights), ("demands", demands)]), published=True
    )
    with TestCase.captureOnCommitCallbacks(execute=True):
        translate(recipient, "en", {"partisekretær i Xinjiang": "party secretary of Xinjiang"})
        for parent in (site.home, site.index, site.countries, site.china):
            translate(parent, "en", {"Kina": "China"})
    with TestCase.captureOnCommitCallbacks(execute=True):
        return page.pk, translate(page, "en", {"Fengslet uten dom": "Detained without trial"}).pk


@pytest.fixture(scope="module")
def _translated(django_db_setup, django_db_blocker):
    yield from for_the_file(django_db_blocker, make)


@pytest.fixture
def translated(_translated, site):
    return tuple(ActionPage.objects.get(pk=pk) for pk in _translated)


def test_petition_and_country_are_shared_and_cannot_be_overridden(translated):
    source, target = translated
    assert (target.petition, target.country) == (source.petition, source.country)
    fixed = {f.field_name for f in ActionPage.override_translatable_fields if not f.overridable}
    assert fixed == {"petition", "country", "is_model"}


def test_every_block_is_translated(translated, client):
    _source, target = translated
    body = client.get(target.get_url()).content.decode()
    for words in (
        "Detained without trial",
        "Action: China",
        "en-slipp dem fri",
        "party secretary of Xinjiang",
        "Article 5:",
        "Will you sign too?",
        'lang="en"',
    ):
        assert words in body, words


def test_one_person_signs_once_over_all_languages_and_the_total_is_shared(translated, client):
    source, target = translated
    for page, address in ((source, "kari@example.org"), (target, "KARI@example.org"), (target, "ola@example.org")):
        assert client.post(page.get_url(), {"name": "Kari", "email": address}).status_code == 303
    assert sorted(Signature.objects.values_list("language", flat=True)) == ["en", "nb"]
    seen_by_visitors(source.petition, 2)
    assert "<strong>2</strong> av <span>100</span>" in client.get(source.get_url()).content.decode()
    assert "<strong>2</strong> of <span>100</span>" in client.get(target.get_url()).content.decode()


def test_thanks_errors_and_the_end_are_in_the_pages_language(translated, client):
    _source, target = translated
    assert "Thank you" in client.get(target.get_url() + "thanks/").content.decode()
    wrong = client.post(target.get_url(), {"name": "", "email": "x"}).content.decode()
    assert "Write your name." in wrong
    type(target.petition).objects.update(ends_at=target.petition.opens_at.replace(year=2030), paused=True)
    assert "Signing is paused" in client.get(target.get_url()).content.decode()


@pytest.mark.parametrize(
    ("accepts", "leads_to"), [("nn", "/nn/"), ("en-GB,en;q=0.9", "/en/"), ("fr", "/nb/"), ("", "/nb/")]
)
def test_the_browsers_language_decides_at_the_root_only(accepts, leads_to, client, site):
    answer = client.get("/", headers={"Accept-Language": accepts})
    assert answer.status_code == 302
    assert answer["Location"] == leads_to
    assert client.get("/nb/", headers={"Accept-Language": accepts})["Content-Language"] == "nb"


def test_a_page_is_the_same_whoever_asks_and_sets_no_cookie(translated, client):
    source, target = translated
    for page in (source, target):
        asked = [
            client.get(page.get_url(), headers={"Accept-Language": accepts, "Cookie": f"django_language={accepts}"})
            for accepts in ("nn", "en", "ar")
        ]
        assert len({answer.content for answer in asked}) == 1
        for answer in asked:
            assert not answer.cookies
            varies = {part.strip().lower() for part in answer.get("Vary", "").split(",")}
            assert not {"accept-language", "cookie"} & varies


def test_pages_that_are_missing_answer_in_the_language_asked_for(client, site):
    assert "We cannot find that page" in client.get("/en/nothing/").content.decode()
    assert "Vi finn ikkje den sida" in client.get("/nn/nothing/").content.decode()
