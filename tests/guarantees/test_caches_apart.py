"""R48, the caches: nothing that the public surface can write is read by staff, with the users of deploy/cache-*.acl.

On a Redis or Valkey of its own, where one is installed (Debian: apt-get install redis-server).
"""

import pickle
import shutil
import subprocess
from pathlib import Path

import pytest
import redis
from django.core.cache import caches
from django.urls import get_resolver
from redis.exceptions import NoPermissionError

from actions.checks import surfaces_are_apart
from bench.processes import await_port, free_port
from bench.proxy import filled
from home import standing
from mysite import cache as module
from tests.factories import PetitionFactory, action

PROGRAM = shutil.which("valkey-server") or shutil.which("redis-server")
PASSWORDS = {"PUBLIC_PASSWORD": "of-the-public-surface", "STAFF_PASSWORD": "of-staff"}

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(PROGRAM is None, reason="neither valkey-server nor redis-server is installed"),
]


class Server:
    """A server with the users of one file of deploy/, and one more of the test's that may do everything."""

    def __init__(self, name: str, folder: Path) -> None:
        self.port = free_port()
        users = folder / f"{name}.acl"
        users.write_text(filled(f"{name}.acl", PASSWORDS) + "user test on >test ~* &* +@all\n")
        words = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--aclfile", str(users)]
        self.process = subprocess.Popen([PROGRAM, *words], cwd=folder, stdout=subprocess.DEVNULL)
        await_port("127.0.0.1", self.port, folder / "none")

    def url(self, user: str) -> str:
        password = {"public": "of-the-public-surface", "staff": "of-staff", "test": "test"}[user]
        return f"redis://{user}:{password}@127.0.0.1:{self.port}/0"

    def client(self, user: str) -> redis.Redis:
        return redis.Redis.from_url(self.url(user))


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("caches")
    started = [Server(name, folder) for name in ("cache-public", "cache-staff")]
    yield started
    for server in started:
        server.process.terminate()
        server.process.wait()


@pytest.fixture
def as_surface(servers, settings):
    """Settings of a process of one surface, as mysite.settings.base makes them."""
    get_resolver().url_patterns  # noqa: B018  # all addresses, whatever surface this process becomes
    public, staff = servers
    for server in servers:
        server.client("test").flushall()

    def become(surface: str) -> None:
        shared = {"BACKEND": "mysite.cache.SharedCache", "KEY_FUNCTION": "mysite.cache.key_of"}
        own = {"public": public.url("public"), "staff": staff.url("staff")}[surface]
        settings.SURFACE = surface
        settings.PAGE_CACHE = True
        settings.CACHES = {
            "default": shared | {"LOCATION": own, "KEY_PREFIX": surface},
            "throttle": shared | {"LOCATION": own, "KEY_PREFIX": f"{surface}:throttle"},
            "log_in": {"BACKEND": "home.log_in.LogInCache"},
            **({"public": shared | {"LOCATION": public.url("staff")}} if surface == "staff" else {}),
        }
        standing.forget_here()

    module._silent_until.clear()
    yield become
    assert module._silent_until == {}, "a server refused something that the site needs"


OTHERS = ["told:generation", "staff:1:page:x", "staff:throttle:1:x", "x", ":1:page:x", "publi", "told:", "all:1:x"]
WRITES = {
    "set": ("set", "KEY", "x"),
    "append": ("append", "KEY", "x"),
    "delete": ("del", "KEY"),
    "expire": ("expire", "KEY", "1"),
    "count": ("incrby", "KEY", "1"),
    "several": ("mset", "public:1:a", "1", "KEY", "1"),
    "rename onto": ("rename", "public:1:a", "KEY"),
    "copy onto": ("copy", "public:1:a", "KEY", "replace"),
    "restore": ("restore", "KEY", "0", "x"),
    "list": ("lpush", "KEY", "x"),
}


@pytest.mark.parametrize("verb", WRITES)
@pytest.mark.parametrize("key", OTHERS)
def test_the_public_surface_writes_under_its_own_name_alone(key, verb, servers):
    """Seen to fail with `~*` in place of `~public:* %R~told:*`."""
    words = [key if word == "KEY" else word for word in WRITES[verb]]
    with pytest.raises(NoPermissionError):
        servers[0].client("public").execute_command(*words)


REFUSED = [
    *("FLUSHALL", "FLUSHDB", "CONFIG GET *", "CONFIG SET dir /tmp", "KEYS *", "SCAN 0", "RANDOMKEY", "DBSIZE"),
    *("MONITOR", "CLIENT LIST", "CLIENT KILL TYPE normal", "CLIENT PAUSE 1000", "ACL LIST", "ACL WHOAMI"),
    *("EVAL return(1) 0", "SCRIPT FLUSH", "FUNCTION LIST", "MODULE LIST", "REPLICAOF NO ONE", "SHUTDOWN", "SAVE"),
    *("PUBLISH a b", "SUBSCRIBE a", "SWAPDB 0 1", "MOVE public:1:a 1", "INFO", "SLOWLOG GET"),
]  # fmt: skip


@pytest.mark.parametrize("command", REFUSED)
@pytest.mark.parametrize("user", ["public", "staff"])
def test_no_user_of_the_site_does_more_than_keep(command, user, servers):
    """Seen to fail with `+@all` for both."""
    with pytest.raises(NoPermissionError):
        servers[0].client(user).execute_command(*command.split(" "))


def test_nobody_comes_in_without_a_password_and_the_public_surface_not_to_staffs(servers):
    for server in servers:
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=server.port).ping()
    with pytest.raises(redis.AuthenticationError):
        servers[1].client("public").ping()


def test_staff_read_nothing_in_the_public_surfaces_cache(servers):
    """Nor write there but the one number. Seen to fail with `~told:*` in place of `%W~told:*`: `set … get` reads."""
    client = servers[0].client("staff")
    client.set("told:generation", 1)
    for words in (
        ("get", "told:generation"),
        ("set", "told:generation", "1", "get"),
        ("get", "public:1:a"),
        ("mget", "public:1:a"),
        ("set", "public:1:a", "1"),
    ):
        with pytest.raises(NoPermissionError):
            client.execute_command(*words)


@pytest.mark.parametrize("surface", ["public", "staff"])
@pytest.mark.parametrize("alias", ["default", "throttle"])
def test_each_surface_may_do_what_it_needs(surface, alias, as_surface):
    as_surface(surface)
    cache = caches[alias]
    assert cache.answers()
    assert cache.add("a", [1, "b", b"c"])
    assert not cache.add("a", 2)
    assert cache.get("a") == [1, "b", b"c"]
    cache.set("n", 5, 60)
    assert cache.incr("n") == 6
    cache.set_many({"b": 1, "c": "d"}, 60)
    assert cache.get_many(["n", "b", "c", "none"]) == {"n": 6, "b": 1, "c": "d"}
    assert cache.touch("b", 5)
    assert cache.has_key("b")
    cache.delete("b")
    cache.delete_many(["n", "c"])
    assert cache.get_many(["n", "b", "c"]) == {}
    with pytest.raises(ValueError, match="not found"):
        cache.incr("n")


def test_what_staff_change_is_seen_by_the_public_surface(as_surface, servers):
    as_surface("public")
    before = standing.generation()
    as_surface("staff")
    standing.forget()
    of_staff = standing.generation()
    as_surface("public")
    after = standing.generation()
    assert before != after
    standing.forget()  # a name that was taken away
    assert standing.generation() != after
    as_surface("staff")
    assert standing.generation() == of_staff


def test_the_check_before_opening_finds_nothing_wrong_here_and_much_where_all_may_do_all(
    as_surface, servers, settings, monkeypatch
):
    monkeypatch.setattr("os.getuid", lambda: 12345)
    monkeypatch.setattr("actions.checks._with_keys", lambda user: [])
    as_surface("public")
    assert surfaces_are_apart(None) == []
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": servers[0].url("test")}}
    assert [message.id for message in surfaces_are_apart(None)] == ["actions.E007"]
    as_surface("staff")
    assert surfaces_are_apart(None) == []


class Planted:
    """What an attacker leaves: an object whose pickle makes a file when it is read."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self):
        return (Path.touch, (self.place,))


@pytest.mark.parametrize("surface", ["public", "staff"])
def test_a_pickle_in_every_place_that_is_read_runs_nothing_and_breaks_nothing(
    surface, as_surface, servers, client, site, tmp_path, monkeypatch
):
    """By somebody who may write in both servers. Seen to fail with Django's serializer: the file is there."""
    planted, asked = pickle.dumps(Planted(tmp_path / "ran")), set()
    real = redis.Redis.execute_command

    def plant(self, *words, **more):
        if words[0] in ("GET", "MGET"):
            keys = words[1] if isinstance(words[1], list | tuple) else words[1:]
            asked.update(keys)
            for server in servers:
                writer = server.client("test")
                for key in keys:
                    real(writer, "SET", key, planted)
        return real(self, *words, **more)

    page = action(site, PetitionFactory())
    as_surface(surface)
    monkeypatch.setattr(redis.Redis, "execute_command", plant)
    for address in (site.home.get_url(), page.get_url(), page.get_url(), "/admin/", "/staff/login/"):
        assert client.get(address).status_code in (200, 302)
        assert not (tmp_path / "ran").exists()
    answer = client.post(page.get_url(), {"name": "Kari Nordmann", "email": "kari@example.org"})
    assert answer.status_code == 303
    wrong = client.post("/staff/login/", {"login": "somebody", "password": "wrong"})
    assert wrong.status_code == 200
    assert not (tmp_path / "ran").exists()
    prefixes = {str(key).split(":")[0] for key in asked}
    assert prefixes == {surface, "told"}
