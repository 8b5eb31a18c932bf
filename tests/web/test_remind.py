"""Asking to be reminded, over HTTP: from the panel of a scheduled action to the buttons behind the mailed link."""

import re

import pytest
from django.core import mail
from django.core.management import call_command

from actions.signing.models import OpeningReminder
from tests.factories import PetitionFactory, action
from tests.home.reading import elements

pytestmark = pytest.mark.django_db

HERE = {"Sec-Fetch-Site": "same-origin"}
LINK = re.compile(r"http://[^/]+(/nb/my-signature/remind/[\w-]{43}/)")


@pytest.fixture
def page(site):
    return action(site, PetitionFactory(scheduled=True))


@pytest.fixture
def url(page):
    return f"/nb/my-signature/remind/for/{page.petition_id}/"


def test_the_panel_offers_it_and_the_way_leads_to_the_mail(page, url, client):
    """From the page on. Seen to fail on the code of before: there was no such form."""
    [form] = [one.attrs for one in elements(client.get(page.get_url()), "form", "panel")]
    assert (form["method"], form["action"]) == ("post", url)
    [field] = [one.attrs["name"] for one in elements(client.get(page.get_url()), "input", "remind")]
    answer = client.post(form["action"], {field: "kari@example.org"}, headers=HERE)
    assert (answer.status_code, answer["Location"]) == (303, url + "sent/")
    assert "Se i postkassen din" in client.get(answer["Location"]).content.decode()
    call_command("send_mail", "--once")
    link = LINK.search(mail.outbox[0].body)[1]
    assert link in mail.outbox[0].alternatives[0][0]
    shown = client.get(link)
    assert [one.text for one in elements(shown, "button", "narrow")] == [
        "Ja, minn meg på det",
        "Nei, slett adressen min",
    ]
    assert not OpeningReminder.objects.exclude(confirmed_at=None).exists(), "looking changes nothing"
    answer = client.post(link, {"do": "yes"}, headers=HERE)
    assert (answer.status_code, answer["Location"]) == (303, link)
    assert [one.text for one in elements(client.get(link), "button", "narrow")] == ["Nei, slett adressen min"]
    assert client.post(link, {"do": "no"}, headers=HERE).status_code == 200
    assert client.get(link).status_code == 404


def test_one_click_in_the_mail_program_ends_it(page, url, client):
    client.post(url, {"email": "kari@example.org"}, headers=HERE)
    call_command("send_mail", "--once")
    [message] = mail.outbox
    link = re.search(r"<http://[^/]+(/.*)>", message.extra_headers["List-Unsubscribe"])[1]
    assert client.get(link).status_code == 200
    assert client.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert bytes(OpeningReminder.objects.get().sealed) == b""


def test_the_answer_is_the_same_for_every_address(page, url, client):
    answers = set()
    for address in ("kari@example.org", "kari@example.org", "ola@example.org"):
        answer = client.post(url, {"email": address}, headers=HERE)
        answers.add((answer.status_code, answer["Location"], answer.content))
        call_command("send_mail", "--once")
    assert len(answers) == 1


@pytest.mark.parametrize("typed", ["", "kari", "kari@", "kari@example", "x" * 300 + "@example.org", "\x00"])
def test_what_is_no_address_is_told_by_the_field(typed, url, client):
    answer = client.post(url, {"email": typed}, headers=HERE)
    assert answer.status_code == 422
    assert len(elements(answer, "a", "notice--alert")) == 1
    assert not OpeningReminder.objects.exists()


def test_another_site_cannot_ask(url, client):
    answer = client.post(url, {"email": "kari@example.org"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not OpeningReminder.objects.exists()


@pytest.mark.parametrize(("state", "status"), [({}, 409), ({"ended": True}, 409), ({"high_risk": True}, 404)])
def test_where_there_is_no_opening_to_wait_for_it_is_said(state, status, site, client):
    """It may have opened since the page was shown: nothing is taken, and the way leads to the form."""
    page = action(site, PetitionFactory(**state))
    url = f"/nb/my-signature/remind/for/{page.petition_id}/"
    answer = client.post(url, {"email": "kari@example.org"}, headers=HERE)
    assert answer.status_code == status
    assert not OpeningReminder.objects.exists()
    if status == 409:
        assert page.get_url() + "#sign" in [one.attrs["href"] for one in elements(answer, "a", "narrow")]


def test_a_dangerous_action_offers_none(site, client):
    page = action(site, PetitionFactory(scheduled=True, high_risk=True))
    assert elements(client.get(page.get_url()), "form", "panel") == []


def test_one_network_asks_for_so_many_and_no_more(url, client):
    found = {client.post(url, {"email": f"kari{n}@example.org"}, headers=HERE).status_code for n in range(60)}
    assert found == {303, 429}


def test_a_broken_link_says_so(client):
    assert client.get("/nb/my-signature/remind/short/").status_code == 404
    assert client.post("/nb/my-signature/remind/short/", {"do": "yes"}, headers=HERE).status_code == 404


def test_where_the_last_mail_leads_there_is_nothing_to_end(client):
    for method in (client.get, client.post):
        assert method("/nb/my-signature/remind/over/").status_code == 200
