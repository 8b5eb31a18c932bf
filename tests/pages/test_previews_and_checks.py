"""Every state previewed (C4), two voices (A12), checks (G11), models (G7), the reminder of outcomes (A14)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from actions.pages import preview
from actions.pages.action import ActionPage
from actions.pages.checks import findings, speaks_as_if_open
from actions.rules.voice import calls_in
from actions.signing.models import Petition, Signature
from actions.signing.sign import sign
from actions.web import outcome_mail
from tests.factories import (
    PetitionFactory,
    RecipientFactory,
    action,
    addressed,
    image,
    person,
    seen_by_visitors,
    small_site,
    stream,
    translate,
)
from tests.worlds import for_the_file

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _page(django_db_setup, django_db_blocker):
    def make() -> int:
        petition = addressed(PetitionFactory(), RecipientFactory())
        body = [
            ("callout", {"heading": "", "text": "<p>Skriv under</p>", "text_when_ended": "<p>Takk til alle</p>"}),
            ("demands", {"heading": "Vi krever", "demands": ["at de slippes fri"]}),
        ]
        body = stream(ActionPage, "body", body)
        return action(small_site(), petition, body=body, lead_when_ended="Slik gikk det.").pk

    yield from for_the_file(django_db_blocker, make)


@pytest.fixture
def page(_page, site):
    return ActionPage.objects.get(pk=_page)


def shown(page: ActionPage, mode: str) -> str:
    return page.make_preview_request(preview_mode=mode).content.decode()


SAYS = {
    "draft": ["denne aksjonen ennå"],
    "scheduled": ["skrive under fra"],
    "open": ["17\xa0554", 'name="email"', "540 på papir", "Krev at leirene stenges.", "Jeg skriver under"],
    "last_day": ["siste dag for å skrive under", 'name="email"'],
    "paused": ["pause"],
    "error": ["Feil:", "kari.nordmann"],
    "thanks": ["Takk"],
    "already": ["Du har allerede skrevet under"],
    "ended": ["Aksjonen er avsluttet", "17\xa0554", "Slik gikk det.", "Takk til alle"],
    "delivered": ["17\xa0000", "overlevert"],
    "won": ["vunnet"],
}


@pytest.mark.parametrize("mode", preview.NAMES)
def test_every_state_is_previewed_with_the_same_numbers(page, mode):
    body = shown(page, mode)
    for words in SAYS[mode]:
        assert words in body.replace("&nbsp;", "\xa0"), (mode, words)


@pytest.mark.parametrize("language", ["nn", "en"])
@pytest.mark.parametrize("mode", preview.NAMES)
def test_every_state_is_previewed_in_each_language(page, mode, language):
    translated = translate(page, language)
    translated.refresh_from_db()
    body = ActionPage.objects.get(pk=translated.pk).make_preview_request(preview_mode=mode).content.decode()
    assert f'lang="{language}"' in body


def test_a_preview_changes_nothing(page):
    before = list(Petition.objects.values())
    for mode in preview.NAMES:
        shown(page, mode)
    assert list(Petition.objects.values()) == before
    assert not Signature.objects.exists()


@pytest.mark.parametrize("mode", preview.NAMES)
def test_a_page_without_a_form_has_previews_too(site, mode):
    assert shown(action(site, published=True), mode)


def test_the_usual_preview_shows_what_is(page):
    seen_by_visitors(page.petition, 11)
    assert "<strong>11</strong>" in shown(page, "")


def test_the_editor_offers_the_modes(staff_client, page):
    body = staff_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    for words in ("Slik den er nå", "Siste dag", "Vunnet"):
        assert words in body


class TestVoices:
    def test_an_ended_page_speaks_of_what_was(self, client, page):
        assert "Krev at leirene stenges." in client.get(page.get_url()).content.decode()
        Petition.objects.update(ends_at=timezone.now())
        body = client.get(page.get_url()).content.decode()
        assert "Slik gikk det." in body
        assert "Krev at leirene stenges." not in body
        assert "Takk til alle" in body
        assert "<p>Skriv under</p>" not in body

    def test_without_a_version_for_afterwards_the_lead_stays(self, client, site):
        page = action(site, PetitionFactory(ended=True), published=True)
        assert "Krev at leirene stenges." in client.get(page.get_url()).content.decode()

    @pytest.mark.parametrize(
        ("text", "language", "found"),
        [
            ("Skriv under i dag", "nb", ["Skriv under"]),
            ("Du kan krevje det", "nn", []),
            ("Sign the petition and act now", "en", ["Sign the", "act now"]),
            ("A significant sign", "en", []),
            ("Krev det", "se", []),
        ],
    )
    def test_calls_are_found_by_their_words(self, text, language, found):
        assert calls_in(text, language) == found

    def test_closing_warns_of_open_voices(self, staff_client, site):
        page = action(site, PetitionFactory(), published=True)
        assert speaks_as_if_open(page)
        body = staff_client.get(reverse("petition:life", args=[page.petition_id])).content.decode()
        assert "oppfordrer til handling" in body


def told(page) -> str:
    return " ".join(str(finding.text) for finding in findings(ActionPage.objects.get(pk=page.pk)))


class TestChecks:
    def test_a_good_page_has_only_translations_missing(self, page):
        assert [finding.now for finding in findings(page)] == [False]

    def test_what_is_missing_is_named(self, site):
        body = [
            (
                "letter",
                {"heading": "x", "recipient": RecipientFactory().pk, "language": "en", "text": "x", "summary": ""},
            ),
            (
                "image",
                {"image": {"image": image().pk, "alt_text": "", "decorative": False}, "caption": "", "credit": ""},
            ),
        ]
        page = action(
            site,
            PetitionFactory(draft=True),
            hero_image=image(),
            body=stream(ActionPage, "body", body),
        )
        found = told(page)
        for words in (
            "Bildet øverst har ingen alternativ tekst",
            "Et bilde i teksten har ingen alternativ tekst",
            "Brevet er på et annet språk",
            "ingen krav",
            "ingen mottaker",
            "ingen første dag",
            "Ikke publisert ennå på",
            "ingressen",
        ):
            assert words in found, words

    @pytest.mark.parametrize(("title", "wrong"), [("停止处决", True), ("أوقفوا الإعدامات", False), ("Stans", False)])
    def test_a_title_that_cannot_be_drawn_is_named(self, title, wrong, site):
        words = "det tegnede bildet for deling ikke kan vise"
        page = action(site, title=title, slug="x")
        assert (words in told(page)) == wrong
        page.share_image = image()
        assert words not in " ".join(str(finding.text) for finding in findings(page))

    def test_a_film_without_a_still_picture_is_named(self, site):
        film = {"title": "Film", "url": "https://vimeo.com/76979871", "file": None, "poster": None,
                "caption": "", "credit": "", "transcript": ""}  # fmt: skip
        page = action(site, body=stream(ActionPage, "body", [("video", film)]))
        assert "En film har ikke noe stillbilde" in told(page)

    def test_no_form_and_no_text(self, site):
        found = told(action(site, published=True))
        assert "har ikke noe signaturskjema" in found
        assert "ingen tekst ennå" in found

    def test_what_calls_to_act_after_the_end_is_wrong_now(self, site):
        page = action(site, PetitionFactory(ended=True), published=True)
        assert "er avsluttet, og ingressen sier fortsatt" in told(page)

    def test_they_stand_in_the_checks_panel(self, staff_client, site):
        page = action(site, published=True)
        body = staff_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        assert "har ikke noe signaturskjema" in body

    def test_publishing_tells_what_to_look_at(self, staff_client, site, rf, staff):
        from django.contrib.messages import get_messages
        from django.contrib.messages.storage.fallback import FallbackStorage

        from actions.backoffice.publishing import tell_findings

        request = rf.get("/")
        request.session, request.user = {}, staff
        request._messages = FallbackStorage(request)
        tell_findings(request, action(site, published=True))
        assert "ting å se på" in str(next(iter(get_messages(request))))


class TestModels:
    def test_a_new_action_starts_from_a_model_without_its_form(self, staff_client, page):
        ActionPage.objects.filter(pk=page.pk).update(is_model=True)
        sign(petition=page.petition, person=person(), language="nb")
        address = reverse("from_model:index")
        assert page.title in staff_client.get(address).content.decode()
        for number in (1, 2):
            answer = staff_client.post(address, {"model": page.pk, "title": "Ny aksjon"})
            made = ActionPage.objects.order_by("pk").last()
            assert answer.url == reverse("wagtailadmin_pages:edit", args=[made.pk])
            assert (made.title, made.live, made.petition, made.is_model) == ("Ny aksjon", False, None, False)
            assert made.slug == ("ny-aksjon" if number == 1 else "ny-aksjon-2")
            assert [block.block_type for block in made.body] == ["callout", "demands"]

    @pytest.mark.parametrize("wrong", [{"title": ""}, {"title": "!!!"}, {"model": 0}])
    def test_what_is_missing_gets_a_sentence(self, staff_client, page, wrong):
        ActionPage.objects.filter(pk=page.pk).update(is_model=True)
        answer = staff_client.post(reverse("from_model:index"), {"model": page.pk, "title": "x"} | wrong)
        assert answer.status_code == 200
        assert ActionPage.objects.count() == 1

    def test_without_a_model_it_says_how_to_make_one(self, staff_client, page):
        assert "ingen mal ennå" in staff_client.get(reverse("from_model:index")).content.decode()


class TestOutcome:
    def test_the_responsible_is_reminded_once(self, page, staff):
        now = timezone.now()
        start = now - timedelta(days=300)
        Petition.objects.update(opens_at=start, ends_at=now - timedelta(days=130), responsible=staff)
        assert outcome_mail.remind(now) == 1
        assert outcome_mail.remind(now) == 0
        assert mail.outbox[0].to == [staff.email]
        assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in mail.outbox[0].body

    @pytest.mark.parametrize("case", ["recent", "long ago", "told", "nobody"])
    def test_others_are_left_alone(self, page, staff, case):
        now = timezone.now()
        days = {"recent": 100, "long ago": 2000}.get(case, 130)
        start = now - timedelta(days=3000)
        Petition.objects.update(opens_at=start, ends_at=now - timedelta(days=days))
        if case != "nobody":
            Petition.objects.update(responsible=staff)
        if case == "told":
            ActionPage.objects.update(outcome="<p>De er fri.</p>")
        assert outcome_mail.remind(now) == 0
