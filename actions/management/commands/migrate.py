import time
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from psycopg.errors import LockNotAvailable

from actions.signing.roles import OWNER

LOCK = 0x41_63_74_69_6F_6E_73  # "Actions"
LONGEST_WAIT = "1s"
TRIES, PAUSE = 30, 2  # a minute
ASKS_EVERY = 0.5  # s, whether the other one is done
USERS = ("home", "0000_user")


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
                    with _users_handed_over(connection, kept=not (options["plan"] or options["check_unapplied"])):
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
    """Wait until no other migrate is at work on this database. A connection of its own holds the lock.

    It asks again and again: a statement that waits for a lock is one that an index made concurrently waits for.
    """
    guard = connection.copy()
    try:
        with guard.cursor() as cursor:
            cursor.execute("set lock_timeout = 0")
            cursor.execute("set statement_timeout = 0")
            while not _taken(cursor):
                time.sleep(ASKS_EVERY)
        yield
    finally:
        guard.close()


def _taken(cursor) -> bool:
    cursor.execute("select pg_try_advisory_lock(%s)", [LOCK])
    return cursor.fetchone()[0]


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


@contextmanager
def _users_handed_over(connection, *, kept: bool):
    """In a database that was made with Django's user model, let it be the project's: same table, same rows.

    Django refuses to go on where a migration that others build upon has come to stand before them. Unless `kept`, for
    who only looks: it is taken back afterwards.
    """
    if not _has_users_of_django(connection):
        yield
        return
    _refuse_shared_addresses(connection)
    with transaction.atomic(using=connection.alias):
        _hand_over(connection)
        if not kept:
            yield
            transaction.set_rollback(True, using=connection.alias)
    if kept:
        yield


def _has_users_of_django(connection) -> bool:
    applied = MigrationRecorder(connection).applied_migrations()
    return ("auth", "0001_initial") in applied and USERS not in applied and "auth_user" in _tables(connection)


def _tables(connection) -> list[str]:
    with connection.cursor() as cursor:
        return connection.introspection.table_names(cursor)


def _refuse_shared_addresses(connection) -> None:
    """Invitations go to an address, so it must lead to one user: told before anything is changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select string_agg(id::text, ', ' order by id) from auth_user where email <> '' "
            "group by lower(email) having count(*) > 1 order by 1"
        )
        shared = [ids for (ids,) in cursor.fetchall()]
    if shared:
        raise CommandError(
            "Nothing was changed: each user needs an e-mail address of its own. These share one, by their ids: "
            f"{'; '.join(shared)}. Change it in the version you have, and migrate again."
        )


def _hand_over(connection) -> None:
    MigrationRecorder(connection).record_applied(*USERS)
    with connection.cursor() as cursor:
        # Rights, revisions and the log of changes refer to the content type.
        cursor.execute("update django_content_type set app_label = 'home' where app_label = 'auth' and model = 'user'")
        for table in ("auth_user_groups", "auth_user_user_permissions"):  # as a new database has them
            cursor.execute(f"alter table {table} alter column id type bigint")
            cursor.execute(f"alter sequence {table}_id_seq as bigint")
