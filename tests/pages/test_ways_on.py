"""Nobody reaches the end of a page without a way on: open actions, those about the same country first."""

from datetime import timedelta

import pytest
from django.utils import timezone

from actions.pages import listing
from actions.pages.action import ActionPage
from actions.signing.models import SigningRules
from home.pages import ContentPage
from tests.factories import PetitionFactory, action, image, publish, stream
from tests.home.reading import elements

pytestmark = pytest.mark.django_db


def titles(answer, *inside: str) -> list[str]:
    return [one.text for one in elements(answer, "a", "card", *inside)]


@pytest.fixture
def three(site):
    """Three open actions: the one that ends last is about the country of the site."""
    for number, country in ((1, None), (2, None), (3, site.china)):
        ends_at = timezone.now() + timedelta(days=number)
        action(site, PetitionFactory(ends_at=ends_at), title=f"Sak {number}", slug=f"sak-{number}", country=country)


STATES = {
    "open": {},
    "paused": {"paused": True},
    "scheduled": {"scheduled": True},
    "draft": {"draft": True},
    "ended": {"ended": True},
}


@pytest.mark.parametrize("state", STATES)
def test_every_action_leads_on_in_every_state(state, three, client, site):
    """Seen to fail on the code of before for all but the ended one."""
    page = action(site, PetitionFactory(**STATES[state]), slug="her")
    answer = client.get(page.get_url())
    assert titles(answer, "band") == ["Sak 3", "Sak 1", "Sak 2"], "about the same country first"


def test_a_story_leads_to_what_can_be_signed(three, client, site):
    """Seen to fail on the code of before."""
    story = publish(site.home, ContentPage(title="Historie", slug="historie", country=site.china))
    assert titles(client.get(story.get_url())) == ["Sak 3", "Sak 1", "Sak 2"]
    standing = publish(site.home, ContentPage(title="Om oss", slug="om-oss", purpose="standing"))
    assert titles(client.get(standing.get_url())) == []


def test_a_country_where_nothing_is_open_leads_on(client, site):
    action(site, PetitionFactory(), title="Et annet sted", slug="annet", country=None)
    assert titles(client.get(site.china.get_url())) == ["Et annet sted"]


def test_who_comes_too_late_finds_two_actions_before_anything_else(three, client, site):
    """Straight under the heading, within the panel. Seen to fail on the code of before: they came after the story."""
    body = stream(ActionPage, "body", [("section", {"heading": "Saken", "text": "<p>Lang</p>"})])
    page = action(site, PetitionFactory(ended=True), slug="her", body=body, ended_text="<p>Takk til alle.</p>")
    answer = client.get(page.get_url())
    assert titles(answer, "panel") == ["Sak 3", "Sak 1"]
    text = answer.content.decode()
    assert (
        text.index("Aksjonen er avsluttet") < text.index("Sak 3") < text.index("figures__total") < text.index("Saken")
    )


def test_what_has_ended_since_is_left_out_though_the_list_is_kept(three, client, site, pages_are_kept, monkeypatch):
    """Seen to fail with the list as it was found."""
    monkeypatch.setattr("actions.web.page_cache._name", lambda request: None)
    page = action(site, PetitionFactory(), slug="her")
    assert "Sak 1" in titles(client.get(page.get_url()), "band")
    later = timezone.now() + timedelta(days=1, hours=1)
    found = listing.ways_on(locale=page.locale, now=later, country=page.country_id, but=page.translation_key)
    assert [card.page.title for card in found] == ["Sak 3", "Sak 2"]


def test_nothing_is_offered_while_all_signing_is_paused(three, client, site):
    """Seen to fail on the code of before: an ended page offered what could not be signed."""
    SigningRules.objects.update_or_create(pk=1, defaults={"paused": True})
    page = action(site, PetitionFactory(ended=True), slug="her")
    assert titles(client.get(page.get_url())) == []


def test_no_secret_of_a_form_is_kept_with_its_card(three, site, pages_are_kept):
    found = listing.ways_on(locale=site.home.locale, now=timezone.now())
    for card in found:
        assert {"digest_salt", "public_key"} <= card.page.petition.get_deferred_fields()


def test_a_won_action_is_celebrated(client, site):
    """Seen to fail on the code of before: a grey box, as for a defeat."""
    petition = PetitionFactory(ended=True, won_on=timezone.localdate())
    answer = client.get(action(site, petition).get_url())
    assert [one.text for one in elements(answer, "h2", "panel--won", "won")] == ["Vi vant!"]
    lost = client.get(action(site, PetitionFactory(ended=True), slug="tapt").get_url())
    assert elements(lost, "h2", "won") == []


def test_a_card_without_a_picture_is_no_hole_and_its_state_no_button(client, site):
    """Each card has the place of its picture, tinted where there is none. Seen to fail on the code of before."""
    action(site, PetitionFactory(), title="Med", slug="med", hero_image=image())
    action(site, PetitionFactory(), title="Uten", slug="uten")
    answer = client.get(site.index.get_url())
    places = [one for one in elements(answer, "div", "card") if one.attrs["class"] == "card__picture"]
    assert len(places) == len(elements(answer, "article")) == 2
    assert len(elements(answer, "img", "card__picture")) == 1
    assert [one.text for one in elements(answer, "span", "card") if one.attrs.get("class") == "card__call"] == [
        "Les og skriv under"
    ] * 2


@pytest.mark.parametrize("state", ["scheduled", "paused", "ended"])
def test_a_card_calls_to_sign_only_what_can_be_signed(state, client, site):
    action(site, PetitionFactory(**STATES[state]))
    assert "card__call" not in client.get(site.index.get_url()).content.decode()


def test_what_opens_later_is_not_among_what_can_be_signed(client, site):
    """On the home page and on a country's. Seen to fail on the code of before."""
    action(site, PetitionFactory(), title="Første", slug="forste")
    action(site, PetitionFactory(), title="Åpen", slug="apen")
    action(site, PetitionFactory(scheduled=True), title="Kommer", slug="kommer")
    for page in (site.home, site.china):
        text = client.get(page.get_url()).content.decode()
        assert text.index("Skriv under nå") < text.index("Åpner snart") < text.index("Kommer")


def test_stamps_stand_below_the_story_and_tell_the_day_alone(client, site):
    """Seen to fail on the code of before: “kl. 00.00”, between lead and story."""
    body = stream(ActionPage, "body", [("section", {"heading": "Saken", "text": "<p>Lang</p>"})])
    page = action(site, PetitionFactory(), body=body)
    story = publish(site.home, ContentPage(title="Historie", slug="historie", lead="Ingress"))
    for shown, before in ((page, "Saken"), (story, "Ingress")):
        answer = client.get(shown.get_url())
        [stamp] = [one.text for one in elements(answer, "p") if one.attrs.get("class") == "stamps"]
        assert " kl. " not in stamp
        text = answer.content.decode()
        assert text.index(before) < text.index('class="stamps"')
