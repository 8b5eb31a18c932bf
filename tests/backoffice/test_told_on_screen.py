"""What goes wrong on a screen of ours, and what was found: tied to its field, where the focus is, and in the title."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.users.models import UserProfile

from actions.signing.models import Signature
from actions.signing.sign import sign
from tests.factories import PetitionFactory, action, person
from tests.home.reading import elements

pytestmark = pytest.mark.django_db

FIND = {"email": "signer1@example.org", "purpose": "letter 7"}
EVERY = ("input", "select", "textarea", "div", "fieldset", "button", "a")


@pytest.fixture
def log_in(client, django_user_model):
    def of(role: str):
        user = django_user_model.objects.create_user(role.lower().replace(" ", "-"), password="a long password here")
        user.groups.add(Group.objects.get(name=role))
        UserProfile.objects.create(user=user, preferred_language="nb")
        client.force_login(user)
        return client

    return of


@pytest.fixture
def petition(site):
    petition = PetitionFactory(name="Xinjiang", counting="confirmed")
    action(site, petition)
    sign(petition=petition, person=person(1), language="nb")
    return petition


@pytest.fixture
def screens(petition):
    one = Signature.objects.get()
    return {
        "find": reverse("find_signature:index"),
        "signature": reverse("petition:signature", args=[petition.pk, one.pk]),
        "hosts": reverse("mail_hosts:index"),
        "lists": reverse("lists:index"),
        "cases": reverse("cases:index"),
    }


def every(answer) -> list:
    return [one for tag in EVERY for one in elements(answer, tag)]


def focused(answer) -> list:
    return [one for tag in ("div", "h2", "p", "section") for one in elements(answer, tag) if "autofocus" in one.attrs]


EMPTY = [
    ("find", "Signature officer", {"email": ""}),
    ("signature", "Signature officer", {"verb": "invalidate"}),
    ("hosts", "Signature officer", {"search": ""}),
    ("lists", "Signature officer", {"reason": ""}),
    ("cases", "Data-protection officer", {"email": ""}),
]


@pytest.mark.parametrize(("name", "role", "typed"), EMPTY)
def test_what_is_wrong_is_tied_to_its_field(name, role, typed, log_in, screens):
    """Seen to fail: `aria-describedby` named an id that no element had."""
    answer = log_in(role).post(screens[name], typed)
    assert answer.status_code == 200
    text = answer.content.decode()
    wrong = [one.attrs for one in every(answer) if one.attrs.get("aria-invalid") == "true"]
    assert wrong, "nothing is refused"
    for attrs in wrong:
        assert any(named.endswith("-errors") for named in attrs["aria-describedby"].split()), attrs
    for one in every(answer):
        for named in (one.attrs.get("aria-describedby") or "").split():
            assert f'id="{named}"' in text, (one.tag, named)


@pytest.mark.parametrize(("name", "role", "typed"), EMPTY)
def test_what_is_wrong_has_the_focus_and_stands_in_the_title(name, role, typed, log_in, screens):
    """Seen to fail: the focus was nowhere, and the title as before."""
    answer = log_in(role).post(screens[name], typed)
    [box] = focused(answer)
    assert (box.attrs["role"], box.attrs["tabindex"]) == ("group", "-1")
    assert f'id="{box.attrs["aria-labelledby"]}"' in answer.content.decode()
    assert elements(answer, "title")[0].text.startswith("Feil: ")
    for link in elements(answer, "a", "desk-wrong"):
        assert f'id="{link.attrs["href"][1:]}"' in answer.content.decode()


@pytest.mark.parametrize("email", [FIND["email"], "nobody@example.org"])
def test_what_was_found_has_the_focus(email, log_in, screens):
    """Seen to fail: whoever listens heard the screen begin anew."""
    answer = log_in("Signature officer").post(screens["find"], FIND | {"email": email})
    [heading] = focused(answer)
    assert (heading.tag, heading.attrs["tabindex"]) == ("h2", "-1")
    assert not elements(answer, "title")[0].text.startswith("Feil")


def test_a_screen_that_is_opened_is_as_it_was(log_in, screens):
    answer = log_in("Signature officer").get(screens["find"])
    assert focused(answer) == []
    assert not elements(answer, "title")[0].text.startswith("Feil")


def test_what_is_pressed_in_a_row_names_its_row(log_in, screens, petition):
    """Seen to fail: “Look at them”, of each host, and “Undo”, of each decision."""
    sign(petition=petition, person=person(2, email="x@spam.example"), language="nb", suspicion="network")
    officer = log_in("Signature officer")
    answer = officer.post(screens["hosts"], {"count": ""})
    links = [one.text for one in elements(answer, "a") if "spam.example" in (one.attrs.get("href") or "")]
    assert links
    assert [text for text in links if not text.endswith(": spam.example")] == []
    officer.post(screens["signature"], {"verb": "invalidate", "reason": "twice"})
    [undo] = [
        one.text for one in elements(officer.get(screens["signature"]), "button") if one.attrs.get("name") == "undo"
    ]
    assert len(undo.split(": ")) > 1
