"""Adding a language is one setting and one catalogue: tried with Arabic and Northern Sámi."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import TestCase, override_settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from wagtail.models import Locale

from actions.pages.action import ActionPage
from actions.signing.models import Signature
from actions.translating.locales import make_locales
from mysite.settings.languages import MORE, named
from tests.factories import (
    PetitionFactory,
    RecipientFactory,
    action,
    addressed,
    seen_by_visitors,
    small_site,
    stream,
    translate,
)
from tests.languages import compile_into
from tests.worlds import for_the_file

ROOT = Path(__file__).resolve().parent.parent.parent


CODES = ["nb", "nn", "en", "ar", "se"]


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory):
    """Of the languages that only the tests have."""
    return compile_into(tmp_path_factory.mktemp("languages"))


@pytest.fixture
def five(settings, catalogues, locales, site):
    """The site in five languages."""
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = named(CODES)
    settings.LOCALE_PATHS = [*settings.LOCALE_PATHS, catalogues]
    make_locales(None)
    return site


def make() -> int:
    make_locales(None)
    site = small_site()
    letter = {
        "heading": "Brevet",
        "summary": "Be om at de slippes fri.",
        "language": "ar",
        "recipient": RecipientFactory().pk,
        "address_lines": "",
        "salutation": "سعادة الوزير",
        "text": "أكتب إليكم.",
        "closing": "مع التحية",
    }
    body = stream(
        ActionPage, "body", [("letter", letter), ("demands", {"heading": "Vi krever", "demands": ["a", "b"]})]
    )
    source = action(site, addressed(PetitionFactory(), RecipientFactory()), body=body, published=True)
    for code in ("ar", "se"):
        for parent in (site.home, site.index, site.countries, site.china):
            with TestCase.captureOnCommitCallbacks(execute=True):
                translate(parent, code)
        with TestCase.captureOnCommitCallbacks(execute=True):
            translate(source, code, {"Fengslet uten dom": "محتجزون بلا محاكمة"} if code == "ar" else None)
    return source.pk


@pytest.fixture(scope="module")
def _page(catalogues, django_db_setup, django_db_blocker):
    more = {"LANGUAGES": named(CODES), "WAGTAIL_CONTENT_LANGUAGES": named(CODES)}
    paths = [*settings.LOCALE_PATHS, catalogues]

    def in_five() -> int:
        with override_settings(**more, LOCALE_PATHS=paths):
            return make()

    yield from for_the_file(django_db_blocker, in_five)


@pytest.fixture
def page(_page, five):
    return ActionPage.objects.get(pk=_page)


pytestmark = pytest.mark.django_db


def in_language(page, code: str):
    return page.get_translation(Locale.objects.get(language_code=code))


def test_arabic_is_written_from_right_to_left(page, client):
    body = client.get(in_language(page, "ar").get_url()).content.decode()
    assert '<html lang="ar" dir="rtl"' in body
    for words in ("محتجزون بلا محاكمة", "وقّع على الحملة", "حملة: ar-Kina", "اسمك", "بريدك الإلكتروني"):
        assert words in body, words


@pytest.mark.parametrize(
    ("signed", "words"), [(1, "وقّع"), (2, "وقّعا"), (3, "وقّعوا"), (11, "وقّعوا")], ids=lambda part: str(part)[:2]
)
def test_arabic_counts_in_its_own_forms(signed, words, page, client):
    target = in_language(page, "ar")
    for number in range(signed):
        answer = client.post(target.get_url(), {"name": "x", "email": f"x{number}@example.org"})
        assert answer.status_code == 303
    seen_by_visitors(target.petition, signed)
    body = client.get(target.get_url()).content.decode()
    assert f'<strong>{signed}</strong> من <span>100</span><i class="visually-hidden"> {words}</i>' in body
    assert set(Signature.objects.values_list("language", flat=True)) == {"ar"}


def test_sami_has_its_own_words_months_and_name(page, client):
    body = client.get(in_language(page, "se").get_url()).content.decode()
    assert '<html lang="se" dir="ltr"' in body
    assert "Du e-poastačujuhus" in body
    assert '<span class="languages__code">SE</span><span class="visually-hidden">&nbsp;– davvisámegiella</span>' in body
    with translation.override("se"):
        day = timezone.datetime(2026, 11, 25).date()
        assert date_format(day) == "25 skábmamánnu 2026"


def test_what_a_catalogue_lacks_is_in_the_language_of_the_site(page, client):
    assert "Skriv under" in client.get(in_language(page, "se").get_url()).content.decode()


def test_one_total_and_one_person_over_all_five(page, client):
    for code, address in (("nb", "a@example.org"), ("ar", "A@EXAMPLE.ORG"), ("se", "b@example.org")):
        client.post(in_language(page, code).get_url(), {"name": "x", "email": address})
    assert Signature.objects.count() == 2


def test_every_language_is_named_and_linked_with_its_direction(page, client):
    body = client.get(page.get_url()).content.decode()
    for code in ("ar", "se"):
        target = in_language(page, code)
        assert f'hreflang="{code}" href="{target.get_full_url()}"' in body
    assert '<span class="languages__code">AR</span><span class="visually-hidden">&nbsp;– العربيّة</span>' in body


def test_a_letter_keeps_its_language_and_direction_on_every_page(page, client):
    for code in ("nb", "se", "ar"):
        body = client.get(in_language(page, code).get_url()).content.decode()
        assert re.search(r'lang="ar" dir="rtl"[^>]*>\s*<[^>]+>|lang="ar" dir="rtl">', body)
        assert "أكتب إليكم." in body
    assert "se-Be om at de slippes fri." in client.get(in_language(page, "se").get_url()).content.decode()


def test_the_address_of_a_page_may_be_in_arabic(page, client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        translate(page, "ar", {"Fengslet uten dom": "محتجزون بلا محاكمة", "fengslet-uten-dom": "محتجزون"})
        translate(page.country, "ar", {"kina": "الصين"})
    for target, slug in ((in_language(page, "ar"), "محتجزون"), (in_language(page.country, "ar"), "الصين")):
        assert target.slug == slug
        assert client.get(target.get_url()).status_code == 200
    assert client.get(target.get_url()).status_code == 200


def test_errors_and_thanks_are_in_arabic(page, client):
    target = in_language(page, "ar")
    assert "اكتب اسمك." in client.post(target.get_url(), {"name": "", "email": ""}).content.decode()
    assert "شكرًا لك" in client.get(target.get_url() + "thanks/").content.decode()


def test_what_the_database_needs_comes_with_bringing_it_up_to_date(settings, locales):
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = named(["nb", "se"])
    make_locales(None)
    assert Locale.all_objects.filter(language_code="se").exists()


@pytest.mark.parametrize("codes", [["xx"], [], ["nb", "klingon"]])
def test_a_language_nobody_knows_is_told_at_the_start(codes):
    with pytest.raises(ValueError, match="LANGUAGES"):
        named(codes)


def test_django_does_not_know_these_yet():
    from django.conf.locale import LANG_INFO

    assert all(LANG_INFO[code] is MORE[code] for code in MORE), "take out of MORE what Django has learned"


PHYSICAL = re.compile(
    r"(?:margin|padding|border|inset)-(?:left|right)|(?<![\w-])(?:left|right)\s*:|(?:text-align|float|clear):\s*(?:left|right)"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
)


@pytest.mark.parametrize("name", ["tokens.css", "site.css"])
def test_styles_say_start_and_end_instead_of_left_and_right(name):
    """Seen to fail with `margin-left` in site.css."""
    for number, line in enumerate((ROOT / "static/css" / name).read_text().splitlines(), start=1):
        assert not PHYSICAL.search(line), f"{name}:{number}: {line.strip()}"
