"""R2 and our other rules of `check --deploy`: it fails when signatures could be lost or shown."""

import os
import subprocess
from base64 import b64encode
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
import redis
from django.core.checks import run_checks
from django.core.files.storage import FileSystemStorage, InMemoryStorage
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from actions.checks import (
    _with_keys,
    caches_take_what_they_are_given,
    database_is_durable,
    mails_of_codes_tell_nothing,
    role_is_its_surfaces_own,
    settings_are_for_production,
    surfaces_are_apart,
    visitors_files_are_only_read,
)
from tests.factories import PetitionFactory

pytestmark = pytest.mark.django_db


def errors():
    return [error.id for error in database_is_durable(None)]


def test_a_database_with_its_usual_settings_is_durable():
    assert errors() == []


def test_a_role_that_does_not_wait_for_the_disk_is_an_error():
    """Seen to fail with `synchronous_commit` left out of DURABLE."""
    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit = off")
        try:
            assert errors() == ["actions.E001"]
            assert "actions.E001" in [e.id for e in run_checks(include_deployment_checks=True)]
        finally:
            cursor.execute("reset synchronous_commit")


@pytest.mark.parametrize("name", ["fsync", "full_page_writes"])
def test_a_server_that_skips_the_disk_is_an_error(name):
    with connection.cursor() as cursor:
        # A view of one's own stands before the system's: the settings themselves cannot be changed in a test.
        cursor.execute(
            "create temp view pg_settings as select name, case name when %s then 'off' else setting end as setting "
            "from pg_catalog.pg_settings",
            [name],
        )
        assert errors() == ["actions.E001"]
        cursor.execute("drop view pg_temp.pg_settings")


def test_a_database_that_does_not_answer_is_an_error_and_no_crash(monkeypatch):
    from django.db import OperationalError

    def fails():
        raise OperationalError("kari@example.org")

    monkeypatch.setattr(connection, "cursor", fails)
    found = database_is_durable(None)
    assert [error.id for error in found] == ["actions.E002"]
    assert "kari" not in str(found)


KEY, OTHER = b64encode(bytes(range(32))).decode(), b64encode(bytes(range(100, 132))).decode()
FINE = {
    "SURFACE": "all",
    "SIGNER_MASTER_KEYS": [KEY],
    "SIGNER_DIGEST_SECRET": OTHER,
    "ALLOWED_HOSTS": ["example.org"],
    "SITE_URL": "https://example.org",
    "WAGTAILADMIN_BASE_URL": "https://staff.example.org",
    "SECOND_FACTOR_REQUIRED": True,
    "TRUSTED_PROXIES": 1,
    "ERASED_LOG": "/var/lib/actions/erased.jsonl",
    "CACHES": {"default": {"BACKEND": "mysite.cache.SharedCache"}},
}


def told(settings, **changes) -> list[str]:
    for name, value in (FINE | changes).items():
        setattr(settings, name, value)
    return [message.id.removeprefix("actions.") for message in settings_are_for_production(None)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"SIGNER_MASTER_KEYS": ["short"]}, ["E004"]),
        ({"SIGNER_MASTER_KEYS": [KEY, "not base64!"]}, ["E004"]),
        ({"SIGNER_DIGEST_SECRET": ""}, ["E004"]),
        ({"SIGNER_DIGEST_SECRET": "ZGlnZXN0LWRldmVsb3BtZW50LW9ubHktZGlnZXN0LWQ="}, ["E004"]),
        ({"SIGNER_MASTER_KEYS": [OTHER]}, ["E004"]),
        ({"ALLOWED_HOSTS": ["*"]}, ["E005"]),
        ({"SITE_URL": "http://example.org"}, ["E005"]),
        ({"SURFACE": "staff", "WAGTAILADMIN_BASE_URL": "https://example.org"}, ["E031"]),
        ({"SURFACE": "staff", "WAGTAILADMIN_BASE_URL": "http://localhost:8100"}, []),
        ({"WAGTAILADMIN_BASE_URL": "https://example.org"}, []),
        ({"SECOND_FACTOR_REQUIRED": False}, ["E005"]),
        ({"SECOND_FACTOR_REQUIRED": False, "SURFACE": "public"}, []),
        ({"TRUSTED_PROXIES": 0}, ["W004"]),
        ({"TRUSTED_PROXIES": 0, "SURFACE": "staff"}, []),
        ({"CACHES": {"default": {"BACKEND": "mysite.cache.ProcessCache"}}}, ["W005"]),
        ({"ERASED_LOG": ""}, ["W006"]),
        ({"ERASED_LOG": "", "SURFACE": "public"}, []),
    ],
)
def test_settings_that_are_not_for_production_are_told(changes, expected, settings):
    assert told(settings, **changes) == expected


def of_the_role(settings, surface: str) -> list[str]:
    settings.SURFACE = surface
    return [message.id.removeprefix("actions.") for message in role_is_its_surfaces_own(None)]


@pytest.fixture
def as_role():
    call_command("database_roles", public="test_public", staff="test_staff", owner="test_owner", stdout=StringIO())

    @contextmanager
    def of(name: str):
        with connection.cursor() as cursor:
            cursor.execute(f"set role {name}")
            yield
            cursor.execute("reset role")

    return of


def test_a_public_process_with_the_owners_role_is_an_error(settings):
    assert of_the_role(settings, "public") == ["E003", "W007", "E006"]


@pytest.mark.parametrize(("role", "surface"), [("test_public", "public"), ("test_staff", "staff")])
def test_each_surface_with_its_own_role_is_fine(role, surface, as_role, settings):
    with as_role(role):
        assert of_the_role(settings, surface) == []


def test_staff_with_the_owners_role_are_warned(settings):
    assert of_the_role(settings, "staff") == ["E006", "W001"]


@pytest.mark.parametrize("process", ["command", "backup"])
def test_who_must_be_the_owner_is_not_warned_of_it(process, settings):
    """Seen to fail before: `actions-manage check --deploy` warned of its own role, each time."""
    settings.PROCESS = process
    assert of_the_role(settings, "staff") == ["E006"]


def test_what_stands_for_good_is_not_warned_of_each_time(settings):
    """W019 and W021 of Django's: decided, and said where it is. Seen to fail before."""
    from mysite.settings import base

    settings.SILENCED_SYSTEM_CHECKS, settings.X_FRAME_OPTIONS = base.SILENCED_SYSTEM_CHECKS, base.X_FRAME_OPTIONS
    told = [found.id for found in run_checks(include_deployment_checks=True) if not found.is_silenced()]
    assert "security.W019" not in told
    assert "security.W021" not in told


class Redis:
    """What the server says to a write."""

    def __init__(self, says: Exception | None) -> None:
        self.says = says

    def get_client(self, write):
        return self

    def set(self, *args, **kwargs):
        if self.says:
            raise self.says


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        (None, []),
        (redis.AuthenticationError("WRONGPASS"), ["actions.E034"] * 2),
        (redis.exceptions.NoPermissionError("NOPERM"), ["actions.E034"] * 2),
        (redis.ConnectionError("refused"), ["actions.W012"] * 2),
        (TimeoutError(), ["actions.W012"] * 2),
    ],
)
def test_caches_are_tried_with_what_this_process_has(says, expected, settings, monkeypatch):
    """Both, the public surface's from staff's too. Seen to fail before: a wrong password was told by nothing."""
    settings.CACHES = {
        name: {"BACKEND": "mysite.cache.SharedCache", "LOCATION": "redis://127.0.0.1:1/0"}
        for name in ("default", "public")
    }
    monkeypatch.setattr("mysite.cache.SharedCache._cache", Redis(says))
    found = caches_take_what_they_are_given(None)
    assert [one.id for one in found] == expected
    assert not any("WRONGPASS" in str(one) for one in found)


@pytest.mark.parametrize(
    ("mode", "encrypted", "expected"),
    [
        ("verify-full", True, []),
        ("prefer", True, ["W011"]),
        ("require", True, ["W011"]),
        (None, True, ["W011"]),
        ("prefer", False, ["W002"]),
    ],
)
def test_a_far_database_that_anybody_could_be_is_told(mode, encrypted, expected, settings, monkeypatch, as_role):
    """Seen to fail before: sslmode=prefer brought no word."""
    with as_role("test_staff"):
        monkeypatch.setattr("actions.checks._is_far", lambda: True)
        monkeypatch.setattr("actions.checks._is_encrypted", lambda: encrypted)
        given = connection.get_connection_params() | {"sslmode": mode}
        monkeypatch.setattr(connection, "get_connection_params", lambda: given)
        assert of_the_role(settings, "staff") == expected


def test_clocks_that_are_apart_are_told(settings, monkeypatch, as_role):
    monkeypatch.setattr("actions.checks.database_now", lambda: timezone.now() - timedelta(minutes=1))
    with as_role("test_staff"):
        assert of_the_role(settings, "staff") == ["W003"]


def apart(settings, surface: str, **caches: str) -> list[str]:
    settings.SURFACE = surface
    settings.CACHES = {
        name: {"BACKEND": "mysite.cache.SharedCache", "LOCATION": place} for name, place in caches.items()
    } or {"default": {"BACKEND": "mysite.cache.ProcessCache"}}
    return [message.id.removeprefix("actions.") for message in surfaces_are_apart(None)]


NOWHERE, ELSEWHERE = "redis://127.0.0.1:1/0", "redis://staff:secret@127.0.0.1:1/0"  # nobody listens there


@pytest.mark.parametrize(
    ("surface", "caches", "expected"),
    [
        ("staff", {}, []),
        ("all", {"default": NOWHERE}, []),
        ("staff", {"default": NOWHERE}, ["W009"]),
        ("staff", {"default": NOWHERE, "public": NOWHERE}, ["E007"]),
        ("staff", {"default": ELSEWHERE, "public": NOWHERE}, []),
    ],
)
def test_caches_that_are_not_apart_are_told(surface, caches, expected, settings):
    assert apart(settings, surface, **caches) == expected


def test_a_public_process_that_may_write_what_staff_read_is_an_error(settings, monkeypatch):
    monkeypatch.setattr("os.getuid", lambda: 12345)
    monkeypatch.setattr("mysite.cache.SharedCache.may_write", lambda self, key: True)
    assert apart(settings, "public", default=NOWHERE) == ["E007"]
    monkeypatch.setattr("mysite.cache.SharedCache.may_write", lambda self, key: False)
    assert apart(settings, "public", default=NOWHERE) == []


@pytest.mark.parametrize("name", ["SIGNER_MASTER_KEYS", "SIGNER_MASTER_KEYS_FILE"])
def test_a_public_process_beside_one_with_keys_is_an_error(name, settings, monkeypatch):
    """Of the same user. Seen to fail with only the process's own environment looked at."""
    other = subprocess.Popen(["sleep", "60"], env={name: KEY})
    try:
        assert other.pid in _with_keys(os.getuid())
    finally:
        other.kill()
        other.wait()
    monkeypatch.setattr("actions.checks._with_keys", lambda user: [5])
    monkeypatch.setattr("os.getuid", lambda: 12345)
    assert apart(settings, "public") == ["E008"]


@pytest.mark.parametrize(
    ("surface", "neutral", "high_risk", "expected"),
    [
        ("staff", "", True, ["actions.W010"]),
        ("all", "", True, ["actions.W010"]),
        ("staff", "codes@neutral.example", True, []),
        ("staff", "", False, []),
        ("public", "", True, []),
    ],
)
def test_mails_of_dangerous_actions_that_would_name_the_organisation_are_told(
    surface, neutral, high_risk, expected, settings
):
    settings.SURFACE, settings.MAIL_FROM_NEUTRAL = surface, neutral
    PetitionFactory(high_risk=high_risk)
    assert [found.id for found in mails_of_codes_tell_nothing(None)] == expected


class Bucket(InMemoryStorage):
    refuses = False

    def _save(self, name, content):
        if self.refuses:
            raise OSError("AccessDenied")
        return super()._save(name, content)


@pytest.mark.parametrize(("refuses", "expected"), [(True, []), (False, ["actions.E030"])])
def test_a_public_process_that_may_write_what_visitors_get_is_an_error(refuses, expected, settings, monkeypatch):
    """In object storage, where only trying tells; and in a folder."""
    settings.SURFACE = "public"
    bucket = Bucket()
    bucket.refuses = refuses
    monkeypatch.setattr("actions.checks.storages", {"public": bucket})
    assert [found.id for found in visitors_files_are_only_read(None)] == expected
    assert not any(bucket.listdir(folder)[1] for folder in ("", *bucket.listdir("")[0]))  # nothing of it is left
    monkeypatch.setattr("actions.checks.storages", {"public": FileSystemStorage()})
    monkeypatch.setattr("os.access", lambda path, how: not refuses)
    assert [found.id for found in visitors_files_are_only_read(None)] == expected
    settings.SURFACE = "staff"
    assert visitors_files_are_only_read(None) == []


def test_a_public_process_of_root_is_an_error(settings, monkeypatch):
    monkeypatch.setattr("os.getuid", lambda: 0)
    assert apart(settings, "public") == ["E008"]
