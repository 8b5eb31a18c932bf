"""A database whose host is gone without a word is given up after seconds, not after the minutes that TCP would wait."""

import socket
import time

import pytest
from django.db import OperationalError, connections

from mysite.engine.base import DatabaseWrapper
from mysite.settings import environment

ADDRESS = "postgresql://reader:secret@db.example.org/actions"


@pytest.fixture
def silent():
    """The address of a server that takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"postgresql://reader:secret@127.0.0.1:{server.getsockname()[1]}/actions"


@pytest.mark.parametrize("what", ["connect_timeout", "tcp_user_timeout", "keepalives_idle"])
def test_every_wait_has_an_end_and_that_for_a_replica_comes_sooner(what):
    assert 0 < environment.replica(ADDRESS)["OPTIONS"][what] < environment.database(ADDRESS)["OPTIONS"][what]


def test_what_the_address_says_holds():
    assert environment.database(f"{ADDRESS}?connect_timeout=9")["OPTIONS"]["connect_timeout"] == 9


def test_the_pool_has_the_same_ends(monkeypatch):
    monkeypatch.setattr(environment, "DATABASE_POOL", 3)
    options = environment.database(ADDRESS)["OPTIONS"]
    assert options["pool"]["max_size"] == 3
    assert environment.VANISHED.items() <= options.items()


@pytest.mark.slow
def test_a_server_that_says_nothing_is_given_up(silent, django_db_blocker):
    """Seen to fail without `connect_timeout`: it waits for ever."""
    described = connections.configure_settings({"default": {}, "replica": environment.replica(silent)})["replica"]
    begun = time.monotonic()
    with django_db_blocker.unblock(), pytest.raises(OperationalError, match="timeout"):
        DatabaseWrapper(described, "replica").ensure_connection()
    assert time.monotonic() - begun < 60, "given up by the time limit, not by the system's own"
