"""The interface of the membership system over HTTP: a token, a cursor, and problems in one form."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone
from prometheus_client import REGISTRY

from actions.signing import links, members
from actions.signing.members import peer, sending
from actions.signing.models import Alarm, MemberNotice, MemberSystem, Signature
from actions.signing.sign import sign
from actions.web.members import Event
from tests.factories import PetitionFactory, answered, person

pytestmark = pytest.mark.django_db
TOKEN, NEXT = "a token of the membership system", "the one that takes its place"
EVENTS = "/members/v1/events"


@pytest.fixture(autouse=True)
def tokens(settings):
    settings.MEMBERS_TOKENS = [TOKEN, NEXT]


@pytest.fixture
def petition():
    petition = PetitionFactory()
    for number in range(5):
        sign(petition=petition, person=person(number), language="nb", contact_other=True)
    answered()
    members.notice()
    return petition


def ask(client, token=TOKEN, scheme="Bearer", path=EVENTS, method="get", **query):
    return getattr(client, method)(path, query, headers={"authorization": f"{scheme} {token}"})


def test_a_cursor_leads_through_everything_once(client, petition):
    seen, after, more = [], "", True
    while more:
        told = ask(client, after=after, limit=2).json()
        seen += [event["data"]["person"]["email"] for event in told["data"]]
        after, more = told["next"], told["more"]
    assert seen == [f"signer{n}@example.org" for n in range(5)]
    assert "no-store" in ask(client)["Cache-Control"]


def test_an_event_is_the_same_bytes_by_webhook_and_asked_for(client, petition, settings, monkeypatch):
    """Seen to fail: "+00:00" there and "Z" here, and here a null for each field that was empty."""
    settings.MEMBERS_WEBHOOK, settings.MEMBERS_SECRETS = "https://members.example.org", ["whsec_c2VjcmV0"]
    sent = []
    monkeypatch.setattr(sending, "_deliver", lambda uid, body: sent.append(body) or sending.Answer(204))
    links.erase(links.make_link(Signature.objects.earliest("pk"), with_code=False)[0])
    members.notice()
    while members.send_next():
        pass
    page = ask(client).content
    assert len(sent) == 4
    assert all(body in page for body in sent)
    for event in ask(client).json()["data"]:
        Event.model_validate(event)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
@pytest.mark.parametrize("token", [TOKEN, NEXT])
def test_schemes_ignore_case_and_two_tokens_fit_while_one_takes_the_place_of_the_other(client, scheme, token):
    """Seen to fail: "bearer" was refused, and there was one token."""
    assert ask(client, token, scheme).status_code == 200


@pytest.mark.parametrize("token", ["", "wrong", "å"])
def test_without_the_token_nothing_is_told_and_it_is_counted(client, petition, token):
    before = REGISTRY.get_sample_value("actions_members_refused_total")
    answer = ask(client, token)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert "signer1" not in answer.content.decode()
    assert REGISTRY.get_sample_value("actions_members_refused_total") == before + 1


def test_many_wrong_tokens_are_told_of(client):
    for _ in range(peer.REFUSED):
        ask(client, "wrong")
    assert Alarm.objects.get(kind=Alarm.Kind.MEMBERS).subject == "token"


def test_where_no_token_is_set_nobody_gets_in(client, petition, settings):
    settings.MEMBERS_TOKENS = []
    assert ask(client, "").status_code == 401


@pytest.mark.parametrize("query", [{"after": "x"}, {"after": "7-"}, {"after": "-1"}, {"limit": 0}, {"limit": 501}])
def test_a_broken_question_says_what_is_wrong(client, query):
    answer = ask(client, **query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["name"] == next(iter(query))


def test_a_cursor_of_another_epoch_says_what_to_do(client, petition):
    """Seen to fail: a cursor that was never given got 200 and "nothing more"."""
    after = ask(client).json()["next"]
    members.begin_epoch()
    answer = ask(client, after=after)
    assert answer.status_code == 410
    assert answer.json()["type"] == "urn:actions:problem:other-epoch"
    assert "without a cursor" in answer.json()["detail"]
    assert ask(client).status_code == 200


def test_without_the_key_it_says_so(client, petition, settings):
    settings.SIGNER_MASTER_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]
    assert ask(client).status_code == 503


def test_it_can_be_looked_at_and_not_written(client, petition):
    """Seen to fail: HEAD was refused."""
    assert ask(client, method="head").status_code == 200
    answer = ask(client, method="post")
    assert answer.status_code == 405
    assert answer["Allow"]


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [(EVENTS, "post", 405), ("/members/v1/nothing", "get", 404),
     ("/api/v1/nothing", "get", 404), ("/api/v1/actions", "post", 405), ("/api/v1/actions?limit=0", "get", 422),
     (EVENTS + "?limit=0", "get", 422), (EVENTS + "?after=x", "get", 422)],
)  # fmt: skip
def test_everything_that_is_refused_is_refused_in_one_form(client, site, path, method, status):
    """Seen to fail: four shapes, one of them HTML."""
    answer = getattr(client, method)(path, headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert (told["status"], bool(told["title"]), bool(told["type"])) == (status, True, True)


def test_what_may_get_more_values_is_open_in_the_document(client):
    """Seen to fail: generated clients stopped at a type or reason that was new."""
    schemas = client.get("/members/v1/openapi.json").json()["components"]["schemas"]
    assert schemas["Event"]["properties"]["type"]["type"] == "string"
    assert '"enum"' not in json.dumps(schemas)
    assert '"const"' not in json.dumps(schemas)


def test_its_document_is_on_the_same_surface(client, settings):
    document = client.get("/members/v1/openapi.json").json()
    assert set(document["paths"]) == {"/members/v1/events"}
    assert "event" in document["webhooks"]
    assert document["components"]["securitySchemes"]["Bearer"]["scheme"] == "bearer"


class TestStaff:
    def test_they_see_what_was_given_up_and_try_again(self, staff_client, petition):
        row = MemberNotice.objects.latest("pk")
        MemberNotice.objects.filter(pk=row.pk).update(dead_at=timezone.now(), problem="answered 500")
        body = staff_client.get(reverse("members:index"), {"given_up": "true"}).content.decode()
        assert "answered 500" in body
        assert "1 melding er gitt opp" in staff_client.get(reverse("members:replay")).content.decode()
        staff_client.post(reverse("members:replay"))
        row.refresh_from_db()
        assert row.dead_at is None

    def test_they_see_each_try_and_send_one_again(self, staff_client, petition):
        row = MemberNotice.objects.latest("pk")
        row.deliveries.create(status=500, problem="answered 500", milliseconds=1234)
        MemberNotice.objects.filter(pk=row.pk).update(sent_at=timezone.now())
        url = reverse("members:notice", args=[row.pk])
        body = staff_client.get(url).content.decode()
        assert "answered 500" in body
        assert "1234" in body
        staff_client.post(url)
        row.refresh_from_db()
        assert row.sent_at is None

    def test_they_send_a_test_and_go_on_after_a_stop(self, staff_client):
        url = reverse("members:system")
        staff_client.post(url, {"test": ""})
        assert MemberNotice.objects.get().kind == "test"
        MemberSystem.objects.update(stopped="410")
        assert "410" in staff_client.get(url).content.decode()
        staff_client.post(url, {"go_on": ""})
        assert MemberSystem.objects.get().stopped == ""
