"""What a load balancer and a watcher are told."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from actions.signing.models import OutboxMail
from actions.signing.sign import sign
from actions.web import gauges, health
from tests.factories import PetitionFactory, person

pytestmark = pytest.mark.django_db


def test_alive_asks_nobody(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_both_answer_under_any_name_and_without_tls(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    for path in ("/healthz", "/readyz"):
        answer = client.get(path, headers={"Host": "10.0.0.7:8000"})
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]


def test_ready_says_what_it_looked_at(client):
    found = client.get("/readyz").json()
    assert found == {"database": "ok", "cache": "ok", "migrations": "ok", "keys": "ok", "mails": "ok"}


def test_without_a_database_it_is_not_ready(client, monkeypatch):
    def gone():
        raise OperationalError("kari@example.org")

    monkeypatch.setattr(connection, "cursor", gone)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "no answer"
    assert b"kari" not in answer.content
    assert client.get("/healthz").status_code == 200


def test_without_its_migrations_it_is_not_ready_and_a_newer_database_is_well(client):
    with connection.cursor() as cursor:
        cursor.execute("insert into django_migrations (app, name, applied) values ('actions', '9999_later', now())")
    assert client.get("/readyz").json()["migrations"] == "ok"
    app, name = max(key for key in health._newest() if key[0] == "actions")
    with connection.cursor() as cursor:
        cursor.execute("delete from django_migrations where app = %s and name = %s", [app, name])
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "missing")


def test_mails_that_nobody_sends_make_it_not_ready(client):
    sign(petition=PetitionFactory(), person=person(), language="nb")
    assert client.get("/readyz").status_code == 200
    OutboxMail.objects.update(due_at=timezone.now() - timedelta(minutes=16))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["mails"]) == (503, "waiting")
    OutboxMail.objects.update(sent_at=timezone.now())
    assert client.get("/readyz").status_code == 200


def test_a_cache_that_is_gone_is_told(client, monkeypatch):
    def gone(*args):
        raise ConnectionError

    monkeypatch.setattr(health.shared, "set", gone)
    assert client.get("/readyz").json()["cache"] == "no answer"


def test_numbers_are_told_and_name_nobody(capsys):
    petition = PetitionFactory()
    for number in range(3):
        sign(petition=petition, person=person(number), language="nb")
    call_command("metrics", once=True)
    told = capsys.readouterr().out
    assert "actions_database_up 1.0" in told
    assert "actions_signatures_counted 3.0" in told
    assert "actions_mails_due 3.0" in told
    assert set(gauges.GAUGES) <= {line.split()[0] for line in told.splitlines()}
    assert "@" not in told
    assert petition.name not in told


@pytest.mark.parametrize("work", ["housekeeping", "send_mail"])
def test_a_worker_says_that_the_database_is_gone_and_goes_on(work, monkeypatch, caplog):
    """Seen to fail before: neither wrote a word."""

    class Enough(Exception): ...

    def gone(*args, **kwargs):
        raise OperationalError("kari@example.org")

    def pause(seconds):
        raise Enough

    place = f"actions.management.commands.{work}"
    monkeypatch.setattr(f"{place}.{'run_due' if work == 'housekeeping' else 'flooded'}", gone)
    monkeypatch.setattr(f"{place}.time.sleep", pause)
    with pytest.raises(Enough):
        call_command(work)
    assert "the database does not answer: OperationalError" in caplog.text
    assert "kari" not in caplog.text


def test_staff_are_told_where_the_public_surface_cannot_be_told(settings, monkeypatch):
    """Seen to fail before: a wrong password of that cache was told by nobody."""
    monkeypatch.setattr(health, "caches", {"public": SimpleNamespace(refusal=lambda key: "AuthenticationError")})
    assert health._public_cache() == "AuthenticationError"
    monkeypatch.setattr(health, "caches", {"public": SimpleNamespace(refusal=lambda key: "")})
    assert health._public_cache() == "ok"


def test_a_database_that_is_gone_is_a_number_too(capsys, monkeypatch, caplog):
    def gone():
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", gone)
    monkeypatch.setattr(connection, "close", lambda: None)
    call_command("metrics", once=True)
    assert "actions_database_up 0.0" in capsys.readouterr().out
    assert "the database does not answer: OperationalError" in caplog.text


def test_answers_are_counted_by_pattern_and_never_by_address(client, monkeypatch):
    seen = []
    monkeypatch.setattr("actions.web.log.observe", lambda **told: seen.append(told))
    client.get("/nb/my-signature/a-secret-token/")
    assert [told["method"] for told in seen] == ["GET"]
    assert "secret" not in json.dumps(seen)
    assert "<str:token>" in seen[0]["route"]
