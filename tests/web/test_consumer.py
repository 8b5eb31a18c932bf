"""The sample consumer of docs/examples keeps what the site says, whichever way it is told."""

import base64
import json
import threading
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from django.urls import reverse
from standardwebhooks import Webhook

from actions.signing import links, members, retention
from actions.signing.models import Signature
from actions.signing.sign import sign
from actions.web.members import Event
from tests.factories import PetitionFactory, answered, person

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "docs/examples"
SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()


@pytest.fixture(scope="module")
def consumer():
    spec = spec_from_file_location("consumer", EXAMPLES / "consumer.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fixtures() -> list[dict]:
    return [json.loads(line) for line in (EXAMPLES / "events.jsonl").read_text().splitlines()]


def test_the_fixtures_are_events_as_the_document_describes_them():
    for event in fixtures():
        Event.model_validate(event)


def test_a_replay_ends_where_it_should_however_often_it_comes(consumer):
    people = consumer.People(None)
    for event in fixtures() * 2:
        people.apply(event)
    assert {one["person"]["name"] for one in people.people.values()} == {"Kari Nordmann", "Siri Riktig"}
    assert [one["person"]["name"] for one in people.people.values() if one["ours_alone"]] == ["Siri Riktig"]


def test_an_event_that_comes_late_changes_nothing(consumer):
    people = consumer.People(None)
    first, *_, last = (event for event in fixtures() if event["data"]["contact"] == fixtures()[1]["data"]["contact"])
    people.apply(last)
    assert people.apply(first) == "overtaken"
    assert not people.people


def test_it_keeps_the_name_it_has_where_ours_is_an_old_one(consumer):
    """After a restore a name that was corrected since the backup is left out."""
    people = consumer.People(None)
    first = fixtures()[0]
    people.apply(first)
    person = {"email": first["data"]["person"]["email"]}
    data = first["data"] | {"person": person, "reason": "restored"}
    people.apply(first | {"id": "another", "type": "contact.updated", "epoch": "another", "sequence": 1, "data": data})
    assert people.people[data["contact"]]["person"] == first["data"]["person"]


def test_it_knows_our_webhooks_and_no_others(consumer):
    body, now = b'{"type": "system.test"}', time.time()
    from datetime import UTC, datetime

    headers = {
        "webhook-id": "one",
        "webhook-timestamp": str(int(now)),
        "webhook-signature": Webhook(SECRET).sign("one", datetime.fromtimestamp(int(now), UTC), body.decode()),
    }
    assert consumer.is_ours(body, headers, [SECRET], now=now)
    assert not consumer.is_ours(body + b" ", headers, [SECRET], now=now)
    assert not consumer.is_ours(body, headers, [SECRET], now=now + 3600)


@pytest.mark.django_db
def test_it_hears_the_same_by_webhook_as_by_cursor(consumer, client, settings, tmp_path):
    """A whole life of three contacts, told both ways."""
    listening = consumer.People(None)
    server = consumer.listen(listening, 0, [SECRET])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.MEMBERS_WEBHOOK, settings.MEMBERS_SECRETS = f"http://127.0.0.1:{server.server_port}/", [SECRET]
    settings.MEMBERS_TOKENS = ["token"]
    petition = PetitionFactory()
    for number in range(3):
        sign(petition=petition, person=person(number), language="nb", contact_other=True)
    answered()

    def tell() -> None:
        members.notice()
        while members.send_next():
            pass

    try:
        tell()
        first = Signature.objects.order_by("signed_at").first()
        links.end_contact(links.make_link(first, with_code=False)[0])
        tell()
        retention.forget(petition=petition)
        tell()
    finally:
        server.shutdown()
        server.server_close()
    assert len(listening.people) == 2
    assert all(one["ours_alone"] for one in listening.people.values())
    told = client.get(reverse("members_api:events"), headers={"authorization": "bearer token"}).json()
    kinds = [event["type"] for event in told["data"]]
    assert kinds == ["contact.ended", "contact.released", "contact.released"]
