"""Staff's long reads from a streaming replica: never older than the question, and answered when the replica is gone."""

import signal
import threading
import time

import psycopg
import pytest
from django.db import connection, connections

from actions.signing import register, replica
from actions.signing.models import Signature
from actions.signing.register import Filter
from actions.signing.sign import sign
from bench.database import Database, Replica
from tests.factories import PetitionFactory, person

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
PATIENCE = 60.0  # seconds; whatever is waited for goes on as soon as it is there
AS_IT_IS = {name: getattr(replica, name) for name in ("CATCH_UP", "SILENT", "LONGEST", "ASKED_AGAIN")}


@pytest.fixture(scope="module")
def copy():
    made = Replica(Database("test-postgres"), "test-replica")
    yield made
    made.stop("immediate")


@pytest.fixture
def streamed(copy, settings, monkeypatch, transactional_db, django_db_blocker):
    """The replica as production has it, of the database of the tests, with all the patience a busy machine needs."""
    monkeypatch.setattr(replica, "CATCH_UP", PATIENCE)
    monkeypatch.setattr(replica, "SILENT", 2 * PATIENCE)
    monkeypatch.setattr(replica, "LONGEST", 2 * PATIENCE)
    monkeypatch.setattr(replica, "ASKED_AGAIN", 2 * PATIENCE)
    settings.DATABASE_ROUTERS = ["actions.signing.replica.Router"]
    monkeypatch.setattr(replica, "_silent_until", 0.0)
    described = connections.databases["default"] | {"HOST": str(copy.folder)}
    monkeypatch.setitem(connections.databases, "replica", described)
    if not copy.answers():
        copy.start()
    _await_replay(copy)
    with django_db_blocker.unblock():  # of a second database the tests know nothing else
        yield copy
    connections["replica"].close()
    del connections["replica"]


def _await_replay(copy: Replica) -> None:
    """Until the replica has what the primary has: each test has a database of its own, and that is copied too."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_wal_flush_lsn()")
        (place,) = cursor.fetchone()
    until = time.monotonic() + PATIENCE
    with psycopg.connect(copy.admin, autocommit=True) as there:
        while not there.execute("select pg_last_wal_replay_lsn() >= %s::pg_lsn", [place]).fetchone()[0]:
            assert time.monotonic() < until, "the replica does not catch up"
            time.sleep(0.01)


def asked(petition) -> tuple[int, str]:
    """How many signatures a question finds, and which database answered it."""

    def question() -> tuple[int, str]:
        rows = Filter().of(petition)
        return rows.count(), rows.db

    return replica.ask(question)


def test_nobody_waits_long_for_a_replica():
    assert AS_IT_IS == {"CATCH_UP": 0.2, "SILENT": 1.0, "LONGEST": 10.0, "ASKED_AGAIN": 5.0}


def test_a_question_sees_what_was_committed_before_it(streamed):
    """Seen to fail without waiting for the replica to catch up."""
    petition = PetitionFactory()
    for number in range(1, 21):
        sign(petition=petition, person=person(number), language="nb")
        assert asked(petition) == (number, "replica")


def test_what_was_read_there_is_written_to_the_database(streamed):
    """Seen to fail without `db_for_write`: a row is written where it was read."""
    petition = PetitionFactory()
    sign(petition=petition, person=person(), language="nb")
    (row,) = replica.ask(lambda: register.leaf(petition, Filter())).rows
    assert row._state.db == "replica"
    row.language = "nn"
    row.save()
    assert Signature.objects.using("default").get().language == "nn"


def test_a_replica_that_lags_is_passed_over(streamed, monkeypatch):
    """Seen to fail with the replica taken for up to date, and with it asked again at once."""
    petition = PetitionFactory()
    with connections["replica"].cursor() as cursor:
        cursor.execute("select pg_wal_replay_pause()")
    sign(petition=petition, person=person(), language="nb")
    try:
        monkeypatch.setattr(replica, "CATCH_UP", AS_IT_IS["CATCH_UP"])
        assert asked(petition) == (1, "default")
    finally:
        with connections["replica"].cursor() as cursor:
            cursor.execute("select pg_wal_replay_resume()")
    _await_replay(streamed)
    assert asked(petition) == (1, "default"), "asked again at once"
    monkeypatch.setattr(replica, "CATCH_UP", PATIENCE)
    monkeypatch.setattr(replica, "_silent_until", 0.0)
    assert asked(petition) == (1, "replica")


def test_a_replica_that_dies_is_passed_over_and_taken_again_when_it_is_back(streamed, monkeypatch):
    """Seen to fail with the error let through, and with the dead connection kept."""
    petition = PetitionFactory()
    sign(petition=petition, person=person(), language="nb")
    assert asked(petition) == (1, "replica")
    streamed.kill()
    assert asked(petition) == (1, "default")
    streamed.start()
    monkeypatch.setattr(replica, "_silent_until", 0.0)
    assert asked(petition) == (1, "replica")


def test_a_replica_that_hangs_is_passed_over(streamed, monkeypatch):
    """Seen to fail without cutting the line: the question waits until somebody wakes the replica."""
    petition = PetitionFactory()
    sign(petition=petition, person=person(), language="nb")
    assert asked(petition) == (1, "replica")
    streamed.send_signal(signal.SIGSTOP)
    waking = threading.Timer(PATIENCE, streamed.send_signal, [signal.SIGCONT])
    waking.start()
    try:
        monkeypatch.setattr(replica, "SILENT", AS_IT_IS["SILENT"])
        begun = time.monotonic()
        assert asked(petition) == (1, "default")
        assert time.monotonic() - begun < PATIENCE, "given up when it was silent, not when it was late"
    finally:
        waking.cancel()
        streamed.send_signal(signal.SIGCONT)
