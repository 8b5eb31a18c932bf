"""R2: `check --deploy` fails when the database could forget what it acknowledged."""

import pytest
from django.core.checks import run_checks
from django.db import connection

from actions.checks import database_is_durable

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
