"""What the roles of the database are set to: how long they may let others wait, and that a commit waits for the disk.

`manage.py database_roles` sets it. A role can change its own settings, and nobody can forbid that; `changed` finds it.
"""

from datetime import timedelta

from django.db import connection
from psycopg import sql

PUBLIC, STAFF, OWNER = "actions_public", "actions_staff", "actions_owner"

# A visitor is told to come back sooner; staff's files and deliveries take minutes. On the role and not on the
# connection, so that a pooler in between changes nothing.
SETTINGS = {
    PUBLIC: {"statement_timeout": "3s", "lock_timeout": "2s", "idle_in_transaction_session_timeout": "10s"},
    STAFF: {"statement_timeout": "30min", "lock_timeout": "60s", "idle_in_transaction_session_timeout": "10min"},
}
LONGEST = timedelta(seconds=15)  # of a transaction of the public process: 3 s of work, 10 s of silence, and a little
EVERYBODY = {"synchronous_commit": "on"}


def make_missing(*names: str) -> None:
    """Make the roles that somebody logs in with, where they are not there; rights they get from `database_roles`."""
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute("select from pg_roles where rolname = %s", [name])
            if cursor.fetchone() is None:
                role = sql.Identifier(name)
                cursor.execute(sql.SQL("create role {} login nosuperuser nocreatedb nocreaterole").format(role))


def settings_of(kind: str) -> dict[str, str]:
    """What a role of this kind (PUBLIC or STAFF) is set to."""
    return EVERYBODY | SETTINGS[kind]


def end_long_transactions() -> int:
    """End sessions of the public process whose transaction has lasted longer than its settings allow; returns how many.

    It has set others for itself, then, and may hold what staff's verbs wait for.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) filter (where pg_terminate_backend(pid)) from pg_stat_activity "
            "where usename = %s and datname = current_database() "
            "and clock_timestamp() - xact_start > make_interval(secs => %s)",
            [PUBLIC, LONGEST.total_seconds()],
        )
        return cursor.fetchone()[0]


def changed() -> list[str]:
    """The names of our roles that have other settings than they were given, everywhere or in this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select rolname, coalesce(array_agg(setting) filter (where setting is not null), '{}'),
                coalesce(bool_or(setdatabase <> 0), false)
            from pg_roles r left join pg_db_role_setting s on s.setrole = r.oid
                and s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
                left join lateral unnest(s.setconfig) as setting on true
            where rolname = any(%s) group by rolname order by rolname
            """,
            [list(SETTINGS)],
        )
        found = cursor.fetchall()
    return [
        name
        for name, settings, of_this_database in found
        if of_this_database or set(settings) != {f"{key}={value}" for key, value in settings_of(name).items()}
    ]
