"""What stands still between changes: made once, kept for a minute, and made anew as soon as something changes."""

import time
from functools import partial
from itertools import count

import pytest
from django.core.cache import cache, caches

from home import standing

pytestmark = pytest.mark.usefixtures("pages_are_kept")

both = pytest.mark.parametrize("keep", [standing.standing, standing.here])


@pytest.fixture
def make():
    """Makes 1 the first time, 2 the second."""
    return partial(next, count(1))


@pytest.fixture
def later(monkeypatch):
    """Stops the clocks, and moves them on by some seconds."""
    moved = []
    clock, steady = time.time(), time.monotonic()
    monkeypatch.setattr(time, "time", lambda: clock + sum(moved))
    monkeypatch.setattr(time, "monotonic", lambda: steady + sum(moved))
    return moved.append


def change_elsewhere() -> None:
    """What another process does when staff change something there."""
    cache.set(standing.BY_STAFF, time.time_ns(), None)


@both
def test_it_is_made_once_for_each_name(keep, make):
    assert [keep("a", make), keep("a", make), keep("b", make), keep("a", make)] == [1, 1, 2, 1]


@both
@pytest.mark.parametrize(("seconds", "told"), [(standing.SECONDS - 2, 1), (standing.SECONDS + 1, 2)])
def test_it_is_kept_for_a_minute(keep, seconds, told, make, later):
    """Seen to fail with what the process keeps by itself kept for an hour."""
    keep("a", make)
    later(seconds)
    assert keep("a", make) == told


def test_a_minute_is_sixty_seconds():
    assert standing.SECONDS == 60


@both
def test_a_change_is_seen_at_once_by_the_process_that_made_it(keep, make):
    """Seen to fail with `forget` leaving the number in the shared cache as it was."""
    keep("a", make)
    standing.forget()
    assert keep("a", make) == 2


@both
def test_a_change_in_another_process_is_seen_within_half_a_second(keep, make, later):
    """Seen to fail with the number asked for every five seconds."""
    keep("a", make)
    change_elsewhere()
    later(0.51)
    assert keep("a", make) == 2


@both
def test_a_change_by_a_visitor_is_seen_by_the_other_processes_of_the_public_surface(keep, make, later):
    """A name that was taken away. Seen to fail with only staff's number read."""
    keep("a", make)
    cache.set(standing.BY_VISITORS, time.time_ns(), None)
    later(0.51)
    assert keep("a", make) == 2


def test_each_surface_writes_its_own_number_and_no_other(settings):
    """Seen to fail with one number for both, which staff would read where the public surface writes."""
    for surface, number in {
        "public": standing.BY_VISITORS,
        "staff": standing.BY_STAFF,
        "all": standing.BY_STAFF,
    }.items():
        cache.clear()
        settings.SURFACE = surface
        standing.forget()
        assert [name for name in standing.GENERATIONS if cache.get(name)] == [number]


def test_staff_leave_word_in_the_public_surfaces_cache_and_read_nothing_there(settings, make, monkeypatch):
    """Seen to fail without the second `set`."""
    settings.CACHES = settings.CACHES | {"public": settings.CACHES["throttle"] | {"LOCATION": "of the public surface"}}
    settings.SURFACE = "staff"
    monkeypatch.setattr(caches["public"], "get", lambda *args: pytest.fail("read"))
    standing.forget()
    assert standing.standing("a", make) == 1
    assert list(caches["public"]._cache) == [standing.BY_STAFF]
    assert standing.BY_STAFF.startswith("told:")  # no prefix: both surfaces know it by one name


def test_what_was_asked_anyway_is_not_asked_again(monkeypatch):
    """Seen to fail with `learn` doing nothing."""
    monkeypatch.setattr(standing.cache, "get_many", lambda names: pytest.fail("asked again"))
    assert standing.learn({standing.BY_STAFF: 5}) == standing.generation() == "5.0"


def test_a_burst_asks_the_shared_cache_once(make, monkeypatch):
    """Seen to fail without the half second."""
    asked = []
    monkeypatch.setattr(standing.cache, "get_many", lambda names: asked.append(names) or {})
    for number in range(50):
        standing.here(f"thing-{number}", make)
        standing.standing(f"thing-{number}", make)
    assert asked == [standing.GENERATIONS]


@both
def test_what_was_being_made_when_something_changed_is_not_told_afterwards(keep, make):
    """Seen to fail with `here` asking for the number after making, too."""

    def slowly() -> int:
        made = make()
        standing.forget()
        return made

    assert keep("a", slowly) == 1
    assert keep("a", make) == 2


@both
@pytest.mark.parametrize("made", [[], {}, 0, False, ""])
def test_an_empty_answer_is_kept_like_any_other(keep, made, make):
    keep("a", lambda: made)
    assert keep("a", make) == made


@both
def test_that_there_is_nothing_is_not_kept(keep, make):
    """Anybody can ask for what is not there. Seen to fail with None kept by the process."""
    assert keep("a", lambda: None) is None
    assert keep("a", make) == 1


@both
def test_what_could_not_be_made_is_tried_again(keep, make):
    with pytest.raises(ZeroDivisionError):
        keep("a", lambda: 1 / 0)
    assert keep("a", make) == 1


def test_what_one_request_does_to_a_kept_thing_does_not_reach_the_next():
    """Seen to fail with `here` in place of `standing`."""
    for _request in range(3):
        kept = standing.standing("a", lambda: {"names": ["Kari"]})
        assert kept == {"names": ["Kari"]}
        kept["names"].append("Ola")
        kept["more"] = True


def test_no_object_reaches_a_cache_that_processes_share(monkeypatch):
    """Another process would have to run what it reads. Seen to fail with what is kept laid in the shared cache."""
    monkeypatch.setattr(standing.cache, "set", lambda *args: pytest.fail("shared"))
    assert standing.standing("a", lambda: {"a page": object}) == {"a page": object}


def test_what_is_only_read_is_one_object_for_all():
    assert standing.here("a", list) is standing.here("a", list)


def test_a_process_keeps_no_more_than_it_may(monkeypatch, make):
    """Seen to fail without the bound."""
    monkeypatch.setattr(standing, "MOST", 3)
    monkeypatch.setattr(standing._copies, "_max_entries", 3)
    for number in range(10):
        standing.here(f"thing-{number}", make)
        standing.standing(f"thing-{number}", partial(int, number))
        assert len(standing._here) <= 3
        assert len(standing._copies._cache) <= 3
    assert standing.here("thing-9", make) == 10


@both
def test_nothing_is_kept_where_pages_are_not(keep, make, settings):
    settings.PAGE_CACHE = False
    assert [keep("a", make), keep("a", make)] == [1, 2]
    assert not standing._here
    assert not standing._copies._cache
    assert not cache._cache
