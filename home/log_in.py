"""What is counted while staff log in, for all processes together: tries, and codes that were used.

django-allauth keeps it in a cache. Each process has a cache of its own unless CACHE_URL names one, and that one may be
gone for a while; a code could be used once in each, and a limit be reached once in each. The database is there for all.
"""

import json
import time
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection, models
from django.utils.crypto import salted_hmac


class LogInState(models.Model):
    """One value under a keyed hash: what is counted by has addresses and names in it, and nobody can read them here."""

    name = models.CharField(max_length=64, primary_key=True)
    value = models.JSONField()
    expires = models.FloatField(db_index=True)  # seconds since 1970

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "log-in state"
        verbose_name_plural = "log-in states"

    def __str__(self) -> str:
        return "log-in state"


PUT = """
insert into home_loginstate (name, value, expires) values (%s, %s, %s)
on conflict (name) do update set value = excluded.value, expires = excluded.expires
    where home_loginstate.expires <= %s
"""


class LogInCache(BaseCache):
    """Django's cache, of LogInState: the verbs that django-allauth uses. Only one of several processes adds a key."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value where there is none, or none any more; tells whether it was kept."""
        return self._put(key, value, timeout, version, over=time.time())

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._put(key, value, timeout, version, over=float("inf"))

    def _put(self, key: str, value: Any, timeout: Any, version: int | None, *, over: float) -> bool:
        """Keep a value in place of one that expires no later than `over`."""
        lasts = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        with connection.cursor() as cursor:
            cursor.execute(PUT, [self._name(key, version), json.dumps(value), time.time() + lasts, over])
            return cursor.rowcount == 1

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        found = self._rows(key, version).filter(expires__gt=time.time()).first()
        return default if found is None else found.value

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(self._rows(key, version).delete()[0])

    def clear(self) -> None:
        LogInState.objects.all().delete()

    def _rows(self, key: str, version: int | None) -> models.QuerySet[LogInState]:
        return LogInState.objects.filter(name=self._name(key, version))

    def _name(self, key: str, version: int | None) -> str:
        return salted_hmac("home.LogInState", self.make_key(key, version), algorithm="sha256").hexdigest()


def forget_expired() -> None:
    """Job of `housekeeping`."""
    LogInState.objects.filter(expires__lte=time.time()).delete()
