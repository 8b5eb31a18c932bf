"""The shared cache may go; the site stays."""

import pytest
from django.core.cache import caches
from redis import ConnectionError as Gone

from actions.signing.models import Signature
from mysite import cache as module
from mysite.cache import SharedCache
from tests.factories import PetitionFactory, action

URL = "redis://127.0.0.1:1/0"  # nobody listens there
GOOD = {"name": "Kari Nordmann", "email": "kari@example.org"}


@pytest.fixture(autouse=True)
def _lost(settings):
    module._silent_until.clear()
    settings.CACHES = {
        "default": {"BACKEND": "mysite.cache.SharedCache", "LOCATION": URL},
        "throttle": {"BACKEND": "mysite.cache.SharedCache", "LOCATION": URL, "KEY_PREFIX": "throttle"},
    }
    settings.PAGE_CACHE = True
    yield
    for alias in ("default", "throttle"):
        caches[alias].clear()
    module._silent_until.clear()


def test_every_verb_is_answered_by_the_process_itself():
    cache = caches["default"]
    assert cache.get("a") is None
    cache.set("a", 1)
    assert cache.incr("a") == 2
    assert cache.get_many(["a", "b"]) == {"a": 2}
    assert not cache.add("a", 5)
    assert cache.has_key("a")
    assert cache.touch("a")
    cache.set_many({"c": 3})
    cache.delete("a")
    cache.delete_many(["c"])
    assert cache.get_many(["a", "c"]) == {}
    with pytest.raises(ValueError, match="not found"):
        cache.incr("a")


def test_it_is_not_asked_again_for_some_seconds(monkeypatch):
    """Seen to fail without `_silent_until`: every request would wait for it."""
    asked = []

    def gone(self, *args, **kwargs):
        asked.append(args)
        raise Gone

    monkeypatch.setattr(module.RedisCache, "get", gone)
    for _ in range(20):
        caches["default"].get("a")
    assert len(asked) == 1
    module._silent_until.clear()
    caches["default"].get("a")
    assert len(asked) == 2


def test_pages_are_shown_and_signed_without_it(client, site):
    page = action(site, PetitionFactory())
    assert client.get(page.get_url()).status_code == 200
    for number in range(12):
        answer = client.post(page.get_url(), GOOD | {"email": f"kari{number}@example.org"})
        assert answer.status_code == 303
    assert Signature.objects.count() == 12


def test_a_watcher_is_told_although_the_site_goes_on(client, db):
    """Seen to fail with `answers` asking through the fallback."""
    caches["default"].set("a", 1)
    assert caches["default"].get("a") == 1
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["cache"]) == (503, "no answer")


def test_addresses_of_redis_and_valkey_lead_to_it():
    from mysite.settings import environment

    for url in ("redis://cache:6379/0", "rediss://cache:6379/0", "valkey://cache:6379/0"):
        assert environment.cache(url)["BACKEND"] == "mysite.cache.SharedCache"
    assert issubclass(SharedCache, module.RedisCache)
