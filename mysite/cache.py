"""The caches: Redis or Valkey, or the process's own memory. The site survives the loss of a server: meanwhile each
process keeps and counts by itself.

Each surface has a cache of its own (docs/decisions/0026-surfaces-apart.md). What lies there is text, numbers and bytes:
whoever can write into it may make a page wrong, but never runs code in who reads it.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

import msgpack
from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT, default_key_func
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis import AuthenticationError, RedisError, ResponseError
from redis.backoff import NoBackoff
from redis.retry import Retry

PATIENCE = 0.25  # seconds for an answer; whoever needs longer is as good as gone
ASKED_AGAIN = 5.0  # seconds after a failure
LOG_IN = "allauth"  # how those of django-allauth begin
TOLD = "told:"  # how the keys begin that staff write and the public surface reads

SITE_ROOTS = "wagtail_site_root_paths"  # wagtail.models.sites.SITE_ROOT_PATHS_CACHE_KEY, too early to be imported
TOLD_CHECKED = f"{TOLD}checked"  # a key that tells nothing, by which staff try whether they may write there
NO_ANSWER = "no answer"

log = logging.getLogger("actions.cache")

_silent_until: dict[str, float] = {}  # by server: Django makes one cache object for each thread


def key_of(key: str, prefix: str, version: int) -> str:
    """Django's KEY_FUNCTION: under the surface's own prefix, but for what one surface tells the other.

    Where each site begins Wagtail keeps for an hour and forgets where it is changed; another process that shares no
    cache would go on with it. Here it is asked for once a minute, as everything that stands still is.
    """
    if key == SITE_ROOTS:
        key = f"{key}:{time.time() // 60:.0f}"
    return key if key.startswith(TOLD) else default_key_func(key, prefix, version)


class PlainSerializer:
    """Text, numbers, bytes, and lists and mappings of them, as MessagePack has them. It knows no objects: pickle, which
    Django's own uses, runs what it is given."""

    def dumps(self, value: Any) -> int | bytes:
        """Raises TypeError for what is none of them. A number stays one, so that the server can count it up."""
        return value if type(value) is int else msgpack.packb(value)

    def loads(self, data: bytes | int) -> Any:
        """What was kept, or NONE_OF_OURS, which is as good as nothing."""
        try:
            return int(data)
        except ValueError:
            pass
        try:
            return msgpack.unpackb(data, strict_map_key=False)
        except (ValueError, TypeError, msgpack.UnpackException, RecursionError):
            return NONE_OF_OURS


NONE_OF_OURS = object()
_told: set[str] = set()
PLAIN = PlainSerializer()


def _is_kept(value: Any) -> bool:
    """Whether a value is one of those that are kept. What is not costs its asker the work once more, and no more than
    that: Wagtail and others keep lazy texts, and may come to keep other things."""
    try:
        PLAIN.dumps(value)
    except (TypeError, ValueError, OverflowError):
        if (kind := type(value).__name__) not in _told:  # once: it comes with every page that asks for it
            _told.add(kind)
            log.info("not kept in a cache, for it is no plain value: %s", kind)
        return False
    return True


def _apart(name: str) -> Callable[..., Any]:
    """A verb of the cache, done in the database where the key is one of logging in."""

    def asked(self: "LogInApart", key: str, *args: Any, **kwargs: Any) -> Any:
        if key.startswith(LOG_IN):
            return getattr(caches["log_in"], name)(key, *args, **kwargs)
        return getattr(super(LogInApart, self), name)(key, *args, **kwargs)

    return asked


class LogInApart:
    """What django-allauth counts and remembers is one for all processes, whatever this cache is (home/log_in.py)."""

    add, set, get, delete = map(_apart, ("add", "set", "get", "delete"))


class Memory(LocMemCache):
    """Django's cache in the process's own memory, for the same values as the shared one."""

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return _is_kept(value) and super().add(key, PLAIN.dumps(value), timeout, version)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        if _is_kept(value):
            super().set(key, PLAIN.dumps(value), timeout, version)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        kept = super().get(key, None, version)
        found = NONE_OF_OURS if kept is None else PLAIN.loads(kept)
        return default if found is NONE_OF_OURS else found


def _either(name: str) -> Callable[..., Any]:
    """A verb of the cache, done by the server or, while it does not answer, by the process itself."""

    def asked(self: "Server", *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= _silent_until.get(self._server, 0.0):
            try:
                return getattr(RedisCache, name)(self, *args, **kwargs)
            except (RedisError, OSError) as error:
                _silent_until[self._server] = time.monotonic() + ASKED_AGAIN
                log.warning("the shared cache does not answer: %s", type(error).__name__)
        return getattr(self._own, name)(*args, **kwargs)

    return asked


class ProcessCache(LogInApart, Memory):
    """The cache of a process that shares none."""


class Server(RedisCache):
    """Django's Redis cache; where the server does not answer, a cache of this process for some seconds."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {
            "socket_timeout": PATIENCE,
            "socket_connect_timeout": PATIENCE,
            "retry": Retry(NoBackoff(), 0),
            "serializer": PLAIN,
            **params.get("OPTIONS", {}),
        }
        super().__init__(server, params | {"OPTIONS": options})
        self._server = str(server)
        name = self._server + params.get("KEY_PREFIX", "")
        self._own = ProcessCache(name, params | {"OPTIONS": {"MAX_ENTRIES": 1000}})

    _get, _get_many, _add, _set = map(_either, ("get", "get_many", "add", "set"))
    touch, delete, _set_many, delete_many = map(_either, ("touch", "delete", "set_many", "delete_many"))
    has_key, incr, clear = map(_either, ("has_key", "incr", "clear"))

    def add(self, key: str, value: Any, *args: Any, **kwargs: Any) -> bool:
        return _is_kept(value) and self._add(key, value, *args, **kwargs)

    def set(self, key: str, value: Any, *args: Any, **kwargs: Any) -> None:
        if _is_kept(value):
            self._set(key, value, *args, **kwargs)

    def set_many(self, data: dict[str, Any], *args: Any, **kwargs: Any) -> list[str]:
        kept = {key: value for key, value in data.items() if _is_kept(value)}
        return [*(data.keys() - kept.keys()), *self._set_many(kept, *args, **kwargs)]

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        found = self._get(key, default, version)
        return default if found is NONE_OF_OURS else found

    def get_many(self, keys: Any, version: int | None = None) -> dict[str, Any]:
        return {key: found for key, found in self._get_many(keys, version).items() if found is not NONE_OF_OURS}

    def may_write(self, key: str) -> bool:
        """Whether the credentials of this process may write what is another surface's, tried under its whole key."""
        try:
            return bool(self._cache.get_client(write=True).set(key, 1, px=1))
        except (RedisError, OSError):
            return False

    def refusal(self, key: str) -> str:
        """Why the server does not take what this process writes under a whole key; nothing where it does."""
        try:
            self._cache.get_client(write=True).set(key, 1, px=1)
        except (AuthenticationError, ResponseError) as error:
            return type(error).__name__
        except (RedisError, OSError):
            return NO_ANSWER
        return ""

    def answers(self) -> bool:
        """Whether the server itself answers at this moment."""
        try:
            super().set("answers", 1, 10)
            return super().get("answers") == 1
        except (RedisError, OSError):
            return False


class SharedCache(LogInApart, Server):
    """The cache of a surface, at a server."""
