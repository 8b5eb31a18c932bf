"""Django's PostgreSQL, looking at a connection before it is used without asking the server.

A health check of Django's own is a query before each request: a fifth of what a signature costs. A connection whose
server has gone has something to read (its end), and the operating system says so for nothing. Where it has, Django's
question is asked. The host that vanishes without a word is found by TCP (`keepalives`, `tcp_user_timeout`).
"""

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        return self.connection is not None and (_is_quiet(self.connection) or super().is_usable())

    def get_new_connection(self, conn_params: dict[str, Any]):
        """From the pool, where there is one: what died there since is given back, and another one taken."""
        connection = super().get_new_connection(conn_params)
        while self.pool and not _is_quiet(connection):
            connection.close()
            self.pool.putconn(connection)  # which puts a new one in its place
            connection = super().get_new_connection(conn_params)
        return connection


def _is_quiet(connection: Any) -> bool:
    """Whether nothing has arrived that nobody asked for; the end of a connection has."""
    if connection.closed:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return not poll.poll(0)
