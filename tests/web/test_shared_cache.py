"""The shared cache may go; the site stays. And whoever can write into it runs no code in who reads it."""

import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.cache import caches
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from redis import ConnectionError as Gone

from actions.signing.models import Signature
from mysite import cache as module
from mysite.cache import NONE_OF_OURS, PLAIN, ProcessCache, SharedCache
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


@pytest.mark.parametrize(
    "value",
    [None, True, 0, -5, 1.5, "blåbær", b"\x00\xff", [1, "a", [b"b"]], {"a": 1, 2: [None]}, 10**30, "5", b"5", ""],
)
def test_text_numbers_and_bytes_are_kept_as_they_are(value):
    assert PLAIN.loads(PLAIN.dumps(value)) == value
    assert type(PLAIN.loads(PLAIN.dumps(value))) is type(value)


def test_words_that_are_safe_to_show_are_words():
    assert PLAIN.loads(PLAIN.dumps(mark_safe("<b>"))) == "<b>"


@pytest.mark.parametrize(
    "value", [object(), {1}, gettext_lazy("Name"), datetime.now(UTC), ValueError(), open, Path("/"), [{"a": object()}]]
)
@pytest.mark.parametrize("alias", ["default", "throttle"])
def test_an_object_is_kept_in_no_cache_that_may_be_shared(value, alias, settings):
    """In the process's own memory neither, or production finds it out. Seen to fail with Django's serializer."""
    assert isinstance(caches[alias], SharedCache)
    for cache in (caches[alias], ProcessCache("tried", {})):
        cache.delete("a")
        cache.set("a", value)
        assert cache.add("a", value) is False
        cache.set_many({"a": value})
        assert cache.get("a") is None


class Planted:
    """An object whose pickle makes a file when it is read."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self):
        return (Path.touch, (self.place,))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_planted_pickle_is_not_run_and_is_as_good_as_nothing(protocol, tmp_path):
    """Seen to fail with Django's serializer: the file is there."""
    planted = pickle.dumps(Planted(tmp_path / "ran"), protocol)
    assert PLAIN.loads(planted) is NONE_OF_OURS
    assert not (tmp_path / "ran").exists()
    pickle.loads(planted)  # noqa: S301
    assert (tmp_path / "ran").exists()  # so the trap would have worked


@pytest.mark.parametrize(
    "data", [b"", b"\xc1", b"\xff\xff", b"\x93\x01", b"\xdf\xff\xff\xff\xff", b"\x81\x90\x01", b"\x91" * 5000]
)
def test_what_is_none_of_ours_is_as_good_as_nothing(data):
    assert PLAIN.loads(data) is NONE_OF_OURS or isinstance(PLAIN.loads(data), int)


def test_what_others_leave_in_the_place_of_a_page_makes_no_error(client, site):
    """Seen to fail with the parts unpacked as they lie there."""
    from actions.web import page_cache

    page = action(site, PetitionFactory())
    names = []
    made = page_cache._name
    for left in (None, 5, "text", b"bytes", [], ["0.0", []], ["0.0", [1, 2, 3]], ["0.0", {"a": 1}], [[], {}], {"a": 1}):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(page_cache, "_name", lambda request: names.append(made(request)) or names[-1])
            if names:
                caches["default"].set(names[-1], left)
            assert client.get(page.get_url()).status_code == 200


def test_each_surface_has_keys_of_its_own():
    from mysite.cache import key_of

    assert key_of("page:1", "public", 1) == "public:1:page:1"
    assert key_of("told:generation", "public", 1) == key_of("told:generation", "", 1) == "told:generation"


def test_where_sites_begin_is_asked_anew_each_minute(monkeypatch):
    """A process that shares no cache learns of a changed host. Seen to fail: after an hour."""
    from wagtail.models.sites import SITE_ROOT_PATHS_CACHE_KEY

    from mysite.cache import key_of

    now = 1_800_000_000.0
    monkeypatch.setattr("mysite.cache.time.time", lambda: now)
    keys = set()
    for later in (0, 59, 61):
        now = 1_800_000_000.0 + later
        keys.add(key_of(SITE_ROOT_PATHS_CACHE_KEY, "public", 1))
    assert len(keys) == 2
