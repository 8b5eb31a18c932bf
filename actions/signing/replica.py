"""Staff's long reads, from a streaming replica where there is one (`REPLICA_URL`), so that visitors need not wait.

What is read there is never older than the question: the replica is asked only once it has caught up with what was
committed by then. Where it lags, or is gone, the database itself answers, and nobody notices but the database.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections

Answer = TypeVar("Answer")

ALIAS = "replica"
CATCH_UP = 0.2  # seconds it may take
SILENT, LONGEST = 1.0, 10.0  # seconds before the line is cut: until it says that it has, for an answer
ASKED_AGAIN = 5.0  # seconds after it was behind or gone

log = logging.getLogger("actions.replica")

_reading: ContextVar[bool] = ContextVar("reading from the replica", default=False)
_silent_until = 0.0


def ask(question: Callable[[], Answer]) -> Answer:
    """Answer a question that only reads, and may be asked twice. What it returns must have been fetched."""
    global _silent_until
    if ALIAS not in connections or _reading.get() or time.monotonic() < _silent_until:
        return question()
    try:
        with _cut_after(SILENT):
            there = _has_caught_up()
        if there:
            token = _reading.set(True)
            try:
                with _cut_after(LONGEST):
                    return question()
            finally:
                _reading.reset(token)
        log.warning("the replica is behind")
    except (OperationalError, InterfaceError) as error:
        log.warning("the replica does not answer: %s", type(error).__name__)
        connections[ALIAS].close()
    _silent_until = time.monotonic() + ASKED_AGAIN
    return question()


@contextmanager
def _cut_after(seconds: float) -> Iterator[None]:
    """A server that is frozen keeps its connections and says nothing more, and TCP finds nothing wrong with that."""
    connections[ALIAS].ensure_connection()
    # A copy of its handle: a number alone might be another line's by then.
    with socket.socket(fileno=os.dup(connections[ALIAS].connection.fileno())) as line:
        timer = threading.Timer(seconds, _cut, [line])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _has_caught_up() -> bool:
    """Whether the replica has replayed everything that was committed before now; waits for it a moment."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("select pg_current_wal_flush_lsn()")
        (place,) = cursor.fetchone()
    until = time.monotonic() + CATCH_UP
    while True:
        with connections[ALIAS].cursor() as cursor:
            # Null where it is no replica: then it is the database itself, and reads are as good there.
            cursor.execute("select coalesce(pg_last_wal_replay_lsn() >= %s::pg_lsn, not pg_is_in_recovery())", [place])
            (there,) = cursor.fetchone()
        if there or time.monotonic() > until:
            return bool(there)
        time.sleep(0.005)


class Router:
    """Reads go to the replica inside `ask`, and nothing else ever does."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return ALIAS if _reading.get() else DEFAULT_DB_ALIAS

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS
