"""Work that staff start and wait for: claimed once, shown as it goes, taken up again where a worker was killed."""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone, translation

from .models import StaffWork

log = logging.getLogger(__name__)

Progress = StaffWork.Progress
SILENT = timedelta(minutes=2)  # whoever says nothing so long is taken for dead
TRIES = 5

W = TypeVar("W", bound=StaffWork)


class Overtaken(Exception):
    """Somebody else has taken this work up, because we were silent for too long, or it was deleted."""


class Refused(Exception):
    """The work makes no sense any more; its text is a code for staff, without anybody's data."""


def run(model: type[W], pk: int, do: Callable[[W], None]) -> bool:
    """Claim a row and do its work; returns whether it was ours and is done.

    It is done in the language it was asked for in, whatever the worker did before. What goes wrong is noted by its
    name: the text of an error may quote a person.
    """
    work = _claim(model, pk)
    if work is None:
        return False
    try:
        with translation.override(work.language or settings.LANGUAGE_CODE):
            do(work)
    except Overtaken:
        return False
    except Exception as error:
        why = str(error) if isinstance(error, Refused) else type(error).__name__
        log.error("%s failed: %s", work, why)
        _finish(work, Progress.FAILED, why[:60])
        return False
    _finish(work, Progress.DONE, "")
    return True


def advance(work: StaffWork, done: int) -> None:
    """Say how far the work has come. Raises Overtaken where it is no longer ours."""
    if not _ours(work).update(done=done, touched_at=Now()):
        raise Overtaken
    work.done = done


def _claim(model: type[W], pk: int) -> W | None:
    free = Q(progress=Progress.WAITING) | Q(progress=Progress.RUNNING, touched_at__lt=timezone.now() - SILENT)
    rows = model._default_manager.filter(free, pk=pk)
    if not rows.update(progress=Progress.RUNNING, tries=F("tries") + 1, done=0, touched_at=Now()):
        return None
    work = model._default_manager.get(pk=pk)
    if work.tries > TRIES:
        _finish(work, Progress.FAILED, "stopped too often")
        return None
    return work


def _finish(work: StaffWork, progress: StaffWork.Progress, failed: str) -> None:
    _ours(work).update(progress=progress, failed=failed, finished_at=Now(), touched_at=Now())
    work.refresh_from_db()


def _ours(work: StaffWork) -> QuerySet[StaffWork]:
    return type(work)._default_manager.filter(pk=work.pk, tries=work.tries, progress=Progress.RUNNING)


def forsaken(model: type[StaffWork]) -> Iterator[int]:
    """Work that nobody is doing though it is not over; each is given out at most once in two minutes."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            update {model._meta.db_table} set touched_at = now()
            where progress = 'waiting' and touched_at < now() - make_interval(secs => %s) returning id
            """,  # noqa: S608 (the table of a model of ours)
            [SILENT.total_seconds()],
        )
        waiting = [pk for (pk,) in cursor.fetchall()]
    silent = Q(progress=Progress.RUNNING, touched_at__lt=timezone.now() - SILENT)
    yield from waiting
    yield from model._default_manager.filter(silent).values_list("pk", flat=True)
