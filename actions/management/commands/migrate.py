import time
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from psycopg.errors import LockNotAvailable

from actions.signing.roles import OWNER

LOCK = 0x41_63_74_69_6F_6E_73  # "Actions"
LONGEST_WAIT = "1s"
TRIES, PAUSE = 30, 2  # a minute


class Command(migrate.Command):
    """Django's own, made safe while the site is open: one at a time, and no signer waits behind it.

    A change of a table waits for whoever uses the table, and all others wait behind the change. So it gives up after a
    second, lets them pass, and tries again; what was applied stays.
    """

    help = f"{migrate.Command.help} One at a time: a second one waits, and gives up a lock after {LONGEST_WAIT}."

    def handle(self, *args, **options):
        connection = connections[options["database"]]
        with _alone(connection), _impatient(connection), _as_owner(connection):
            for left in reversed(range(TRIES)):
                try:
                    return super().handle(*args, **options)
                except OperationalError as error:
                    if not isinstance(error.__cause__, LockNotAvailable):
                        raise
                    if not left:
                        raise CommandError(
                            "A table was in use all the time. What is applied stays; try again."
                        ) from error
                    self.stderr.write(f"A table is in use; again in {PAUSE} seconds.")
                    time.sleep(PAUSE)


@contextmanager
def _alone(connection):
    """Wait until no other migrate is at work on this database. A connection of its own holds the lock."""
    guard = connection.copy()
    try:
        with guard.cursor() as cursor:
            cursor.execute("set lock_timeout = 0")
            cursor.execute("set statement_timeout = 0")
            cursor.execute("select pg_advisory_lock(%s)", [LOCK])
        yield
    finally:
        guard.close()


@contextmanager
def _impatient(connection):
    with connection.cursor() as cursor:
        cursor.execute("select set_config('lock_timeout', %s, false)", [LONGEST_WAIT])
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("reset lock_timeout")


@contextmanager
def _as_owner(connection):
    """As the role that owns tables and functions, once `database_roles` has made it: what is new is its own, too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select rolname from pg_roles where rolname = %s and pg_has_role(rolname, 'member') "
            "and has_schema_privilege(rolname, 'public', 'create')",
            [OWNER],
        )
        if is_there := cursor.fetchone():
            cursor.execute(f"set role {OWNER}")
    try:
        yield
    finally:
        if is_there and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("reset role")
