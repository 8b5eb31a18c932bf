"""What a load balancer and a watcher ask: is this process alive, and can it do its work?

Answered before host names and TLS are looked at, for who asks calls the process by its number. The proxy shows neither
to visitors.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.core.cache import cache as shared
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse

from actions.signing.outbox import longest_wait
from actions.signing.own_keys import digest_secret_is_own, master_keys_are_own
from mysite.cache import TOLD_CHECKED

from .answers import never_kept

LONGEST_WAIT = timedelta(minutes=15)  # of a mail that is due; then nobody sends any


class Health:
    """Middleware, outside of everything."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = ANSWERS.get(request.path_info)
        return never_kept(answer()) if answer else self.get_response(request)


def healthz() -> HttpResponse:
    """200 as long as the process answers at all; asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz() -> HttpResponse:
    """200 where everything that is looked at is well, otherwise 503; each part with `ok` or what is wrong."""
    found = {name: _tried(check) for name, check in CHECKS.items()}
    return JsonResponse(found, status=200 if set(found.values()) == {"ok"} else 503)


ANSWERS = {"/healthz": healthz, "/readyz": readyz}


def _tried(check: Callable[[], str]) -> str:
    try:
        return check()
    except DatabaseError:
        return "no answer"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select pg_is_in_recovery()")
        (is_replica,) = cursor.fetchone()
    return "read-only" if is_replica else "ok"


def _cache() -> str:
    try:
        return "ok" if getattr(shared, "answers", _takes)() else "no answer"
    except Exception:  # each cache has errors of its own, and none of them must stop the site
        return "no answer"


def _takes() -> bool:
    """Whether a cache that cannot say so itself gives back what it was given."""
    shared.set("readyz", 1, 10)
    return shared.get("readyz") == 1


def _migrations() -> str:
    """Whether the tables are those of this version. A newer database is well: an older version goes on beside it."""
    return "ok" if _newest() <= MigrationRecorder(connection).applied_migrations().keys() else "missing"


@cache
def _newest() -> set[tuple[str, str]]:
    """The last migration of each app of this version."""
    return set(MigrationLoader(None).graph.leaf_nodes())


def _mails() -> str:
    return "ok" if longest_wait() < LONGEST_WAIT else "waiting"


def _keys() -> str:
    """Whether the secrets of this process are those of this database."""
    own = digest_secret_is_own() and (settings.SURFACE == "public" or master_keys_are_own())
    return "ok" if own else "of another database"


def _public_cache() -> str:
    """Whether staff's changes can be told to the public surface."""
    return caches["public"].refusal(TOLD_CHECKED) or "ok"


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "cache": _cache,
    "migrations": _migrations,
    "keys": _keys,
}
if settings.SURFACE != "public":  # whose role may not look at mails
    CHECKS["mails"] = _mails
if "public" in settings.CACHES:
    CHECKS["public cache"] = _public_cache
