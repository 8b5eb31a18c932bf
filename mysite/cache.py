"""The shared cache (Redis or Valkey). The site survives its loss: meanwhile each process keeps and counts by itself."""

import logging
import time
from collections.abc import Callable
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


def _either(name: str) -> Callable[..., Any]:
    """A verb of the cache, done by the server or, while it does not answer, by the process itself."""

    def asked(self: "SharedCache", *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= _silent_until.get(self._server, 0.0):
            try:
                return getattr(RedisCache, name)(self, *args, **kwargs)
            except (RedisError, OSError) as error:
                _silent_until[self._server] = time.monotonic() + ASKED_AGAIN
                log.warning("the shared cache does not answer: %s", type(error).__name__)
        return getattr(self._own, name)(*args, **kwargs)

    return asked


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
        name = self._server + params.get("KEY_PREFIX", "")
        self._own = LocMemCache(name, params | {"OPTIONS": {"MAX_ENTRIES": 1000}})

    add, get, set, touch, delete = map(_either, ("add", "get", "set", "touch", "delete"))
    get_many, set_many, delete_many = map(_either, ("get_many", "set_many", "delete_many"))
    has_key, incr, clear = map(_either, ("has_key", "incr", "clear"))

    def answers(self) -> bool:
        """Whether the server itself answers at this moment."""
        try:
            super().set("answers", 1, 10)
            return super().get("answers") == 1
        except (RedisError, OSError):
            return False
