"""`check --deploy`: a database that could forget what it acknowledged is an error."""

from typing import Any

from django.core.checks import Error, Tags, register
from django.db import DatabaseError, connection

# Without any of these a crash can lose what a visitor was thanked for.
# https://www.postgresql.org/docs/current/runtime-config-wal.html
DURABLE = {
    "fsync": {"on"},
    "full_page_writes": {"on"},
    "synchronous_commit": {"on", "remote_apply", "remote_write", "local"},
}


@register(Tags.security, deploy=True)
def database_is_durable(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Errors actions.E001 for settings that lose signatures, E002 where the database cannot be asked."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select name, setting from pg_settings where name = any(%s)", [list(DURABLE)])
            found = dict(cursor.fetchall())
    except DatabaseError:
        return [Error("The database does not answer, so nobody can say whether it is durable.", id="actions.E002")]
    return [
        Error(
            f"PostgreSQL's {name} is {found.get(name)}: a crash could lose acknowledged signatures.",
            hint=f"Set {name} to on, for the server and for the role this process uses.",
            id="actions.E001",
        )
        for name, allowed in DURABLE.items()
        if found.get(name) not in allowed
    ]
