"""Regular work: what is due is done once, however many processes look."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction

from .models import JobRun

log = logging.getLogger(__name__)


class Job(NamedTuple):
    """Regular work, and how long after one time the next is due."""

    every: timedelta
    do: Callable[[], Any]


def run_due(jobs: Mapping[str, Job], now: datetime) -> list[str]:
    """Do what is due at `now`; returns the names. Work that fails is noted, and tried again the next time it is due."""
    return [name for name, job in jobs.items() if _claim(name, job, now) and _do(name, job)]


def _claim(name: str, job: Job, now: datetime) -> bool:
    with transaction.atomic():
        JobRun.objects.get_or_create(name=name, defaults={"due_at": now})
        run = JobRun.objects.select_for_update(skip_locked=True).filter(name=name, due_at__lte=now).first()
        if run is None:
            return False
        run.due_at = now + job.every
        run.save(update_fields=["due_at"])
    return True


def _do(name: str, job: Job) -> bool:
    failed = ""
    try:
        job.do()
    except Exception as error:
        failed = type(error).__name__
        log.error("regular work %s failed: %s", name, failed)
    with connection.cursor() as cursor:
        cursor.execute(
            "update actions_jobrun set finished_at = clock_timestamp(), failed = %s where name = %s", [failed, name]
        )
    return not failed
