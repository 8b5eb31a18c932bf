"""Tries and used codes count once for all processes of the staff surface."""

import time

import pytest
from django.core.cache import cache, caches
from django.test import Client
from django.urls import reverse

from home import log_in as log_in_state
from home.log_in import LogInState
from tests.codes import code

from .logging_in import SECRET, log_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_process():
    """Another process of staff's begins with a cache of its own, which is empty."""
    return cache.clear


def test_a_code_is_taken_once_by_all_processes(client, enrolled, other_process):
    """Seen to fail with the cache of each process: one code logged in twice."""
    once, statuses = code(SECRET, at_least=5), []
    for _ in range(4):
        one = Client()
        log_in(one)
        one.post(reverse("mfa_authenticate"), {"code": once})
        statuses.append(one.get("/admin/").status_code)
        other_process()
    assert statuses == [200, 302, 302, 302]


def test_tries_are_counted_by_all_processes_together(client, staff, other_process):
    """Seen to fail with the cache of each process: each had limits of its own."""
    for _ in range(5):
        log_in(client, "wrong")
        other_process()
    assert "For mange forsøk" in log_in(client).content.decode()


def test_what_is_counted_names_nobody_and_is_forgotten(client, enrolled, monkeypatch):
    log_in(client, "wrong")
    log_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code(SECRET)})
    rows = str(list(LogInState.objects.values()))
    assert rows != "[]"
    assert not any(word in rows for word in ("127.0.0", "staff", "allauth"))
    day = time.time() + 25 * 3600
    monkeypatch.setattr("home.log_in.time.time", lambda: day)
    log_in_state.forget_expired()
    assert not LogInState.objects.exists()


def test_two_processes_do_not_add_one_key(db):
    kept = caches["log_in"]
    assert kept.add("allauth:x", [1.5], timeout=10)
    assert not kept.add("allauth:x", [2.5], timeout=10)
    kept.set("allauth:x", "y", timeout=-1)
    assert kept.get("allauth:x") is None
    assert kept.add("allauth:x", [3.5], timeout=10), "its time was over"
    assert kept.get("allauth:x") == [3.5]
