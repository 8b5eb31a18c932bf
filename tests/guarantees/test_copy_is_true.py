"""What a signer is shown that we hold is what we hold: a copy of before a change is thrown away, whoever makes it."""

import pytest
from django.utils import timezone

from actions.signing import consents, links, names, on_request, review
from actions.signing.models import PublicName, Signature, Signer
from actions.signing.on_request import Asked
from actions.signing.requests import answer_next
from actions.signing.sign import sign
from tests.factories import PetitionFactory, RecipientFactory, action, addressed, person, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition(site):
    petition = addressed(PetitionFactory(ask_country=True, show_names=True), RecipientFactory())
    told(petition)
    return action(site, petition).petition


@pytest.fixture
def token(petition):
    text = consents.record(language="nb", contact_action="Om denne", contact_other="Om annet")
    sign(
        petition=petition,
        person=person(),
        language="nb",
        country="SE",
        contact_action=True,
        contact_other=True,
        consent_text=text,
        show_name=True,
    )
    return links.make_link(Signature.objects.get(), with_code=False)[0]


def where(token: str, rest: str = "") -> str:
    return f"/nb/my-signature/{token}/{rest}"


def copied(client, token: str) -> str:
    """What the page shows of a copy that has just been made."""
    client.post(where(token), {"do": "copy"})
    while answer_next():
        pass
    assert client.get(where(token, "copy.json")).status_code == 200
    return client.get(where(token)).content.decode()


def is_gone(client, token: str) -> bool:
    """The copy is neither saved nor shown, and is offered anew."""
    page = client.get(where(token)).content.decode()
    assert "Lagre alt som en fil" not in page
    assert 'value="copy"' in page
    return client.get(where(token, "copy.json")).status_code == 404


def shown(token):
    Signer.objects.update(proved_at=timezone.now())
    names.prepare(timezone.now())
    assert PublicName.objects.exists()


PRESSED = {
    "who signed": {"do": "confirm"},
    "nothing of it": {"do": "none"},
    "no contact": {"do": "stop"},
    "no contact of one kind": {"do": "stop", "consent": "contact_other"},
    "the name off the page": {"do": "hide"},
}


@pytest.mark.parametrize("what", PRESSED)
def test_a_copy_from_before_a_button_is_thrown_away(what, client, token):
    """Seen to fail with each: the copy went on showing what had been."""
    copied(client, token)
    client.post(where(token), PRESSED[what])
    assert is_gone(client, token)
    while answer_next():
        pass
    assert is_gone(client, token)


def test_a_copy_from_before_a_corrected_name_is_thrown_away_and_one_with_the_new_name_made(client, token):
    """Seen to fail: the old one was shown on, or none."""
    assert "Kari Nordmann" in copied(client, token)
    client.post(where(token), {"do": "correct", "name": "Kåre Nordmann", "shown_name": "Kåre"})
    assert "Kari Nordmann" not in client.get(where(token)).content.decode()
    assert client.get(where(token, "copy.json")).status_code == 404
    while answer_next():
        pass
    assert client.get(where(token, "copy.json")).json()["person"]["name"] == "Kåre Nordmann"


def test_a_choice_of_the_hand_over_throws_it_away(client, token):
    Signer.objects.update(proved_at=timezone.now())
    copied(client, token)
    notice = Signature.objects.get().petition.action_pages.get().notice()
    assert client.post(where(token), {"do": "hand_over", "shown": notice.fingerprint}).status_code == 303
    assert is_gone(client, token)
    copied(client, token)
    client.post(where(token), {"do": "number_only"})
    assert is_gone(client, token)


def test_what_a_worker_does_later_throws_it_away(client, token):
    """A name that is asked for, is corrected after a copy that was asked for in between."""
    client.post(where(token), {"do": "correct", "name": "Kåre Nordmann", "shown_name": "Kåre"})
    assert "Kåre Nordmann" in copied(client, token)
    shown(token)
    assert is_gone(client, token)


def test_what_staff_do_throws_it_away(client, token, petition, staff):
    asked = Asked([Signature.objects.get().pk], staff, "case 1")
    for change in (
        lambda: on_request.correct(asked, changed={"name": "Kåre Nordmann"}),
        lambda: on_request.restrict(asked),
        lambda: on_request.lift(asked),
        lambda: review.carry_out(
            review.decide(
                petition=petition,
                verb=review.Verb.INVALIDATE,
                criteria=review.Criteria(country="SE"),
                reason="x",
                by=staff,
            ).pk
        ),
    ):
        copied(client, token)
        change()
        assert is_gone(client, token)


def test_one_that_is_waited_for_is_made_of_what_is_true_then(client, token):
    client.post(where(token), {"do": "copy"})
    client.post(where(token), {"do": "stop"})
    assert answer_next()
    assert client.get(where(token, "copy.json")).json()["contact_about_other_work"] is False


def test_it_shows_the_country(client, token):
    page = copied(client, token)
    assert "<dt>Land</dt><dd>Sverige</dd>" in page
    assert client.get(where(token, "copy.json")).json()["country"] == "SE"


def test_the_page_says_that_copies_are_thrown_away(client, token):
    assert "blir en kopi fra før kastet" in client.get(where(token)).content.decode()
