"""Work that staff start and wait for: claimed once, shown as it goes, taken up again where a worker was killed.

A file in which somebody stands who was erased meanwhile is not given out: it is made once more.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone, translation

from .models import AuditRecord, Petition, SealedFile, Signature, SignatureImport, StaffWork, Tombstone

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
    while work is not None:
        begun = _begin(work)
        try:
            with translation.override(work.language or settings.LANGUAGE_CODE):
                do(work)
        except Overtaken:
            return False
        except Exception as error:
            why = str(error) if isinstance(error, Refused) else type(error).__name__
            log.error("%s failed: %s", work, why)
            _fail(work, why)
            return False
        if _done(work, begun):
            return True
        work = _again(work)
    return False


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
        _fail(work, "stopped too often")
        return None
    return work


# What happens to a person that a file which is being made must know, and what staff read then.
STALE = {
    AuditRecord.Verb.CORRECTED: "corrected",
    AuditRecord.Verb.RESTRICTED: "restricted",
    AuditRecord.Verb.OBJECTED: "restricted",
    AuditRecord.Verb.UNLISTED: "restricted",
}


class Begun(NamedTuple):
    """When work began, and whether the signers of its petition were forgotten by then."""

    at: datetime
    forgotten: bool


def _begin(work: StaffWork) -> Begun:
    """Read the clock when no erasure is under way: whoever is erased later leaves a later time (actions_erase)."""
    with transaction.atomic():
        petition = _locked(work)
        with connection.cursor() as cursor:
            cursor.execute("select clock_timestamp()")
            return Begun(cursor.fetchone()[0], petition.forgotten_at is not None)


def _locked(work: StaffWork) -> Petition:
    """The petition of the work, when who is just being erased is gone; nobody else is until the transaction ends."""
    return Petition.objects.select_for_update().get(pk=work.petition_id)


def _stale(petition: Petition, begun: Begun) -> str:
    """Why what was made since then is not to be given out, or nothing."""
    theirs = Signature.objects.filter(petition=petition).values("pk")
    if (petition.forgotten_at and not begun.forgotten) or Tombstone.objects.filter(
        at__gte=begun.at, signature_id__in=theirs
    ).exists():
        return "erased"
    since = AuditRecord.objects.filter(petition_id=petition.pk, verb__in=STALE, at__gte=begun.at)
    verb = since.order_by("pk").values_list("verb", flat=True).first()
    return STALE[AuditRecord.Verb(verb)] if verb else ""


def _done(work: StaffWork, begun: Begun) -> bool:
    """Note that the work is done; False where it was overtaken by an erasure, and its file is gone.

    What was only brought in leaves no file; a trial whose file is gone by then has failed.
    """
    with transaction.atomic():
        why = _stale(_locked(work), begun)
        if not why or not _drop_file(work):
            _finish(work, Progress.DONE, "")
            return True
        if isinstance(work, SignatureImport):
            _finish(work, Progress.FAILED, why)
    return False


def _again(work: W) -> W | None:
    """The same work once more, unless it was tried too often or is over."""
    if not _ours(work).update(tries=F("tries") + 1, done=0, touched_at=Now()):
        return None
    work.refresh_from_db()
    if work.tries > TRIES:
        _fail(work, "erased")
        return None
    return work


def _fail(work: StaffWork, why: str) -> None:
    """Note that the work failed. Half a file is of use to nobody; an upload stays, unless somebody was erased since."""
    with transaction.atomic():
        if not isinstance(work, SignatureImport) or _stale(_locked(work), Begun(work.at, forgotten=False)):
            _drop_file(work)
        _finish(work, Progress.FAILED, why[:60])


def _drop_file(work: StaffWork) -> bool:
    """Delete the file of the work; whether there was one."""
    now: Any = type(work)._default_manager.get(pk=work.pk)
    return bool(now.file_id and SealedFile.objects.filter(pk=now.file_id).delete()[0])


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
