"""Migrations run while people sign: without locks, one at a time, with the version before going on beside them."""

import threading
import time
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections
from django_migration_linter import MigrationLinter
from django_migration_linter.sql_analyser import PostgresqlAnalyser, analyse_sql_statements

from actions.management.commands import migrate

ROOT = Path(__file__).resolve().parent.parent.parent
# They made the tables, before anybody signed there. Newer ones are linted.
BEFORE_ANYBODY = ["0001_tables", "0002_functions", "0003_articles", "0004_groups"]


@pytest.mark.django_db(transaction=True)  # an index that is made concurrently is made in no transaction
def test_no_migration_locks_or_breaks_the_version_before():
    """Seen to fail with a migration that adds a column without a default of the database to actions_signature."""
    linter = MigrationLinter(
        str(ROOT),
        include_apps=["actions", "home"],
        ignore_name=BEFORE_ANYBODY,
        no_cache=True,
        no_output=True,
        analyser_string="postgresql",
        quiet=["ok", "ignore", "warning", "error"],
    )
    linter.lint_all_migrations()
    assert not linter.has_errors, "python -m django_migration_linter tells which"


@pytest.mark.parametrize(
    "statement",
    [
        'ALTER TABLE "actions_signature" ADD COLUMN "more" integer NOT NULL;',
        'ALTER TABLE "actions_signature" DROP COLUMN "country";',
        'ALTER TABLE "actions_signature" RENAME COLUMN "country" TO "land";',
        'ALTER TABLE "actions_signature" ALTER COLUMN "country" TYPE integer;',
    ],
)
def test_the_linter_knows_what_would(statement):
    errors, _ignored, _warnings = analyse_sql_statements(PostgresqlAnalyser, [statement])
    assert errors


def test_our_own_migrate_is_the_one_that_runs():
    from django.core.management import get_commands

    assert get_commands()["migrate"] == "actions"


@pytest.fixture
def other(transactional_db):
    """Another connection to the database of the tests."""
    url = connection.get_connection_params() | {"cursor_factory": None}
    url = {key: value for key, value in url.items() if key in ("dbname", "user", "host", "port", "password")}
    with psycopg.connect(**url, autocommit=True) as opened:
        yield opened


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(migrate, "PAUSE", 0.3)
    monkeypatch.setattr(migrate, "TRIES", 3)


@pytest.mark.slow
def test_a_second_migrate_waits_for_the_first(other):
    """Seen to fail without the advisory lock."""
    other.execute("select pg_advisory_lock(%s)", [migrate.LOCK])
    done = threading.Event()

    def second() -> None:
        call_command("migrate", verbosity=0)
        connections.close_all()
        done.set()

    running = threading.Thread(target=second)
    running.start()
    assert not done.wait(2)
    other.execute("select pg_advisory_unlock_all()")
    running.join(30)
    assert done.is_set()


@pytest.mark.slow
def test_an_index_made_concurrently_does_not_wait_for_a_second_migrate(other):
    """Seen to fail with pg_advisory_lock: it waited for the second, which waited for it, and was left half made."""
    other.execute("select pg_advisory_lock(%s)", [migrate.LOCK])

    def second() -> None:
        call_command("migrate", verbosity=0)
        connections.close_all()

    running = threading.Thread(target=second)
    running.start()
    time.sleep(2)
    other.execute("set lock_timeout = '5s'")
    other.execute("create index concurrently made_meanwhile on actions_jobrun (due_at)")
    other.execute("drop index made_meanwhile")
    other.execute("select pg_advisory_unlock_all()")
    running.join(60)
    assert not running.is_alive()


@pytest.mark.slow
def test_a_table_in_use_is_given_up_after_a_second_so_that_nobody_waits_behind(other, quick):
    """Seen to fail without lock_timeout: who reads waits behind the migration for as long as it takes."""
    with other.transaction():
        other.execute("select 1 from django_session limit 1")
        begun = time.monotonic()
        with pytest.raises(CommandError, match="in use"):  # it would drop that table
            call_command("migrate", "sessions", "zero", verbosity=0, stderr=StringIO())
        assert time.monotonic() - begun < 60
    with connection.cursor() as cursor:
        cursor.execute("show lock_timeout")
        assert cursor.fetchone()[0] == "0", "what the process does afterwards may wait as before"
    call_command("migrate", "--check", verbosity=0)
