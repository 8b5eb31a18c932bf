"""What takes long to make, made once for all tests of a file: each of them takes back only what it did itself."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TypeVar

from django.db import transaction

Made = TypeVar("Made")


def for_the_file(blocker, make: Callable[[], Made]) -> Iterator[Made]:
    """Body of a fixture of a file: `yield from for_the_file(django_db_blocker, make)`, after `django_db_setup`.

    It stands in a transaction that every test's own one is nested in, so a file that has transactional tests cannot use
    it; and nothing is committed, so `make` captures what waits for that. Return keys, not records: a test may change a
    record.
    """
    with blocker.unblock(), ExitStack() as building:
        building.enter_context(_taken_back())
        made = make()
        standing = building.pop_all()
    yield made
    with blocker.unblock():
        standing.close()


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)
