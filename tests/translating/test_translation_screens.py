"""What translators and those who send to them see in the admin."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail_localize.models import Translation

from actions.mailing.models import Mailing, MailingText
from tests.factories import PetitionFactory, RecipientFactory, action, addressed, image, translate

from .steps import NOT_THERE, change, put

pytestmark = pytest.mark.django_db


def test_the_list_tells_state_percent_and_who(here, translated, committing, of, translator):
    source, _target = translated
    change(source, committing, title="Fengslet uten lov og dom")
    put(here, of(source), "Krev at leirene stenges.", "Demand it.")
    body = here.get(reverse("translations:index")).content.decode()
    for words in ("Fengslet uten lov og dom", "utdatert", "mangler", "83 %", "Translator"):
        assert words in body, words
    assert reverse("translations:compare", args=[of(source).pk]) in body


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", True),
        ("?stand=missing", True),
        ("?stand=missing&language=en", False),
        ("?stand=published&language=en", True),
        ("?language=nn&stand=published", False),
        ("?translator=999999", True),
        ("?kind=nonsense", True),
        ("?kind=pages", False),
    ],
)
def test_filters(query, shown, here, translated):
    body = here.get(reverse("translations:index") + query).content.decode()
    assert ("Fengslet uten dom" in body) is shown


def test_mails_to_signers_stand_there_for_those_who_compose_them(client, member, translator, locales):
    mailing = Mailing.objects.create(name="Nyheter", petition=PetitionFactory())
    MailingText.objects.create(mailing=mailing, language="nb", subject="x", body=[])
    url = reverse("translations:index") + "?kind=mails"
    client.force_login(member("Editor"))
    body = client.get(url).content.decode()
    assert "Nyheter" in body
    assert body.count("mangler</span>") == 2
    assert reverse("mailing:edit", args=[mailing.pk]) in body
    client.force_login(translator)
    assert "Nyheter" not in client.get(url).content.decode()


def test_the_csv_has_a_line_for_each_language(here, translated):
    answer = here.get(reverse("translations:index") + "?export=csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("Fengslet uten dom,nn,mangler,0")
    assert lines[2].startswith("Fengslet uten dom,en,publisert,100")


def test_one_click_sends_everything_to_all_languages(client, member, site, committing, locales):
    recipient = RecipientFactory()
    page = action(site, addressed(PetitionFactory(), recipient), published=True)
    client.force_login(member("Editor"))
    with committing():
        answer = client.post(reverse("translations:send", args=["page", page.pk]), follow=True)
    assert "som utkast" in answer.content.decode()
    for thing in (page, recipient, site.home, site.index, site.countries, site.china, site.organisation):
        for language in ("nn", "en"):
            assert thing.get_translation_or_none(locales[language]) is not None, (thing, language)
    assert not page.get_translation(locales["nn"]).live
    assert not site.index.get_translation(locales["nn"]).live
    assert client.get("/nn/")["Location"] == "/nb/"
    assert client.get("/nn/aksjoner/").status_code == 404


def test_the_screen_of_a_translation_is_that_of_its_source(client, member, translated):
    """Seen to fail without: the translation would have been sent on as if it were written first."""
    source, target = translated
    client.force_login(member("Editor"))
    body = client.get(reverse("translations:thing", args=["page", target.pk])).content.decode()
    assert reverse("translations:send", args=["page", source.pk]) in body
    client.post(reverse("translations:send", args=["page", target.pk]))
    made = Translation.objects.get(source__object_id=source.translation_key, target_locale__language_code="nn")
    assert made.source.locale == source.locale


def test_a_translator_sends_nothing(here, translated):
    source, _target = translated
    assert here.post(reverse("translations:send", args=["page", source.pk])).status_code in (302, 403)
    assert (
        "Send alt til alle språk"
        not in here.get(reverse("translations:thing", args=["page", source.pk])).content.decode()
    )


def test_upstreams_buttons_lead_to_our_screens(client, member, translated, of):
    source, _target = translated
    client.force_login(member("Editor"))
    thing = reverse("translations:thing", args=["page", source.pk])
    for name, number in (("submit_page_translation", source.pk), ("update_translations", of(source).source_id)):
        url = reverse(f"wagtail_localize:{name}", args=[number])
        assert client.get(url)["Location"] == thing
        assert client.post(url, {"publish_translations": "on"})["Location"] == thing


def test_the_editor_hides_what_is_refused(here, translated, committing, client, member):
    source, target = translated
    change(source, committing, hero_image=image(), title="Ny tittel")
    edit = reverse("wagtailadmin_pages:edit", args=[target.pk])
    mine = here.get(edit).content.decode()
    assert "synchronised_value" not in mine
    assert "Kilden er endret" in mine
    client.force_login(member("Publisher"))
    assert "synchronised_value" in client.get(edit).content.decode()


def test_nothing_to_see_without_the_right(client, member, translated):
    source, _target = translated
    client.force_login(member("Signature officer"))
    for url in (reverse("translations:index"), reverse("translations:thing", args=["page", source.pk])):
        assert client.get(url).status_code in (302, 403)


@pytest.mark.parametrize("kind", ["page", "recipient", "petition", "signature"])
def test_what_is_not_there_is_not_found(kind, here, translated):
    for name, more in (("thing", []), ("file", ["en"])):
        assert here.get(reverse(f"translations:{name}", args=[kind, 999999, *more])).status_code in NOT_THERE


def test_the_list_costs_the_same_for_many_actions(here, translated, site, committing):
    """Seen to fail with the parent of each page looked up."""

    def cost() -> int:
        here.get(reverse("translations:index"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            here.get(reverse("translations:index"))
        return len(queries)

    few = cost()
    for number in range(6):
        page = action(site, PetitionFactory(), title=f"Aksjon {number}", slug=f"a{number}", published=True)
        with committing():
            translate(page, "en")
    assert cost() == few
