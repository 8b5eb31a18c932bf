"""The membership system (J5): only who asked for it; signed, retried, given up, replayed, or pulled by a cursor."""

import base64
import hashlib
import hmac
import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.signing import members
from actions.signing.erase import erase_signature
from actions.signing.models import AuditRecord, MemberNotice, Signature, Signer
from actions.signing.sealing import Person
from actions.signing.sign import sign
from tests.factories import PetitionFactory, person

pytestmark = pytest.mark.django_db
TOKEN = "a token of the membership system"
SECRET = base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(({key.lower(): value for key, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, *args):
        """Quiet."""


@pytest.fixture
def receiver(settings):
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    server.got, server.status = [], 204
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.MEMBERS_WEBHOOK = f"http://127.0.0.1:{server.server_port}/hook"
    settings.MEMBERS_SECRET = "whsec_" + SECRET
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def token(settings):
    settings.MEMBERS_TOKEN = TOKEN


@pytest.fixture
def petition():
    petition = PetitionFactory()
    sign(petition=petition, person=person(1), language="nb", contact_other=True)
    sign(petition=petition, person=person(2), language="nb", contact_action=True)
    sign(petition=petition, person=person(3), language="nb", contact_other=True, suspicion="network")
    sign(petition=PetitionFactory(high_risk=True), person=person(4), language="nb", contact_other=True)
    return petition


def due() -> None:
    MemberNotice.objects.update(due_at=timezone.now())


def test_only_those_who_asked_and_count_are_told_of(petition):
    """Seen to fail without the consent, the state, or the high-risk mode in the statement."""
    assert members.notice() == 1
    assert members.notice() == 0
    told = members.page(0)
    assert [row["person"]["email"] for row in told] == ["signer1@example.org"]
    assert told[0]["type"] == "contact.consented"


def test_a_field_leaves_the_house_only_where_it_says_so(petition):
    everything = person(5, postcode="0150", phone="22334455", place="Tromsø", comment="For staff only")
    assert everything.for_membership() == {
        "name": "Kari Nordmann", "email": "signer5@example.org", "postcode": "0150", "phone": "22334455",
    }  # fmt: skip
    sign(petition=petition, person=everything, language="nb", contact_other=True)
    members.notice()
    assert [row["person"] for row in members.page(0)][-1] == everything.for_membership()

    @dataclass(frozen=True, kw_only=True, repr=False)
    class NewPerson(Person):
        diet: str = "vegetarian"

    assert "diet" not in NewPerson(name="Kari", email="kari@example.org").for_membership()


def test_nobody_is_noted_where_nobody_is_told(petition, settings):
    settings.MEMBERS_TOKEN = ""
    assert members.notice() == 0


def test_the_end_of_a_contact_is_told_once_and_without_a_person(petition):
    members.notice()
    Signer.objects.update(contact_other=False)
    assert members.notice() == 1
    assert members.notice() == 0
    first, second = members.page(0)
    assert first["type"] == "contact.gone"
    assert second["type"] == "contact.ended"
    assert "person" not in first
    assert "person" not in second


@pytest.mark.parametrize("how", ["erased", "taken out"])
def test_whatever_ends_it_is_told(petition, how):
    members.notice()
    signature = Signature.objects.get(pk=MemberNotice.objects.get().signature_id)
    if how == "erased":
        erase_signature(signature)
    else:
        Signature.objects.filter(pk=signature.pk).update(state="invalidated")
    members.notice()
    assert [row["type"] for row in members.page(0)] == ["contact.gone", "contact.ended"]


def test_the_webhook_is_signed_and_the_opening_recorded(petition, receiver):
    members.notice()
    assert members.send_next()
    assert not members.send_next()
    headers, body = receiver.got[0]
    wanted = hmac.digest(
        base64.b64decode(SECRET),
        f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body,
        hashlib.sha256,
    )
    assert headers["webhook-signature"] == "v1," + base64.b64encode(wanted).decode()
    assert json.loads(body)["person"]["name"] == "Kari Nordmann"
    assert list(AuditRecord.objects.about_signers().values_list("verb", "number")) == [("shared", 1)]


@pytest.mark.parametrize("status", [302, 400, 500])
def test_what_is_not_taken_is_tried_again_and_given_up_in_the_end(petition, receiver, status):
    """A redirect is not followed: addresses go to no other place. Seen to fail with redirects allowed."""
    receiver.status = status
    members.notice()
    for _ in range(members.MOST_TRIES):
        due()
        assert members.send_next()
    due()
    assert not members.send_next()
    row = MemberNotice.objects.get()
    assert (row.attempts, row.problem) == (members.MOST_TRIES, f"answered {status}")
    assert row.dead_at
    receiver.status = 204
    assert members.replay() == 1
    assert members.send_next()
    assert MemberNotice.objects.get().sent_at


def test_a_server_that_is_away_puts_it_off(petition, receiver, settings):
    settings.MEMBERS_WEBHOOK = "http://127.0.0.1:1/"
    members.notice()
    assert members.send_next()
    row = MemberNotice.objects.get()
    assert row.sent_at is None
    assert row.due_at > timezone.now()
    assert row.problem == "ConnectionError"


class TestPull:
    def ask(self, client, token=None, **query):
        token = TOKEN if token is None else token
        return client.get(reverse("members_contacts"), query, headers={"authorization": f"Bearer {token}"})

    def test_a_cursor_leads_through_everything_once(self, client, petition):
        for number in range(10, 15):
            sign(petition=petition, person=person(number), language="nb", contact_other=True)
        members.notice()
        seen, after = [], 0
        while True:
            answer = self.ask(client, after=after, limit=2).json()
            seen += [row["person"]["email"] for row in answer["contacts"]]
            after = answer["next"]
            if not answer["more"]:
                break
        assert seen == [f"signer{n}@example.org" for n in (1, 10, 11, 12, 13, 14)]
        assert "no-store" in self.ask(client)["Cache-Control"]

    @pytest.mark.parametrize("token", ["", "wrong", "å"])
    def test_without_the_token_nothing_is_told(self, client, petition, token):
        members.notice()
        answer = self.ask(client, token)
        assert answer.status_code == 401
        assert "signer1" not in answer.content.decode()

    def test_where_no_token_is_set_nobody_gets_in(self, client, petition, settings):
        settings.MEMBERS_TOKEN = ""
        assert self.ask(client, "").status_code == 401

    @pytest.mark.parametrize("query", [{"after": "x"}, {"after": -1}, {"limit": 0}, {"limit": 501}, {"after": 2**70}])
    def test_a_broken_cursor_is_a_bad_request(self, client, query):
        assert self.ask(client, **query).status_code == 400

    def test_without_the_key_it_says_so(self, client, petition, settings):
        members.notice()
        settings.SIGNER_MASTER_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]
        assert self.ask(client).status_code == 503

    def test_nothing_is_changed_by_asking(self, client):
        assert client.post(reverse("members_contacts")).status_code == 405


def test_staff_see_what_was_given_up_and_try_again(staff_client, petition):
    members.notice()
    MemberNotice.objects.update(dead_at=timezone.now(), problem="HTTPError 500")
    body = staff_client.get(reverse("members:index"), {"given_up": "true"}).content.decode()
    assert "HTTPError 500" in body
    assert "1 melding er gitt opp" in staff_client.get(reverse("members:replay")).content.decode()
    staff_client.post(reverse("members:replay"))
    assert MemberNotice.objects.get().dead_at is None
