"""The shared cache (Redis or Valkey). The site survives its loss: meanwhile each process keeps and counts by itself."""

import logging
import time
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis import RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

PATIENCE = 0.25  # seconds for an answer; whoever needs longer is as good as gone
ASKED_AGAIN = 5.0  # seconds after a failure

log = logging.getLogger("actions.cache")

_silent_until: dict[str, float] = {}  # by server: Django makes one cache object for each thread


class SharedCache(RedisCache):
    """Django's Redis cache; where the server does not answer, a cache of this process for some seconds."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {
            "socket_timeout": PATIENCE,
            "socket_connect_timeout": PATIENCE,
            "retry": Retry(NoBackoff(), 0),
            **params.get("OPTIONS", {}),
        }
        super().__init__(server, params | {"OPTIONS": options})
        self._server = str(server)
        self._own = LocMemCache(
            self._server + params.get("KEY_PREFIX", ""), params | {"OPTIONS": {"MAX_ENTRIES": 1000}}
        )

    def _asked(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= _silent_until.get(self._server, 0.0):
            try:
                return getattr(super(), name)(*args, **kwargs)
            except (RedisError, OSError) as error:
                _silent_until[self._server] = time.monotonic() + ASKED_AGAIN
                log.warning("the shared cache does not answer: %s", type(error).__name__)
        return getattr(self._own, name)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return self._asked("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._asked("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._asked("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return self._asked("touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return self._asked("delete", *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> dict:
        return self._asked("get_many", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> list:
        return self._asked("set_many", *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._asked("delete_many", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return self._asked("has_key", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> int:
        return self._asked("incr", *args, **kwargs)

    def clear(self) -> None:
        self._asked("clear")
