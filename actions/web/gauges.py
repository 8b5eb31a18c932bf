"""Numbers for who watches the site, as Prometheus takes them: of all processes of this host, and what the database
knows. None of them is about a person, and none is public: `manage.py metrics` serves them on a port of its own.
"""

import logging
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import DatabaseError, connection
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from actions.signing import outbox, public

log = logging.getLogger(__name__)


def _asked(question: str) -> Callable[[], float]:
    def answer() -> float:
        with connection.cursor() as cursor:
            cursor.execute(question)
            return float(cursor.fetchone()[0])

    return answer


GAUGES = {
    "actions_signatures_counted": (
        "Signatures of all actions, on paper too.",
        _asked("select coalesce(sum(counted + paper), 0) from actions_totalslot"),
    ),
    "actions_public_number_stands_still_seconds": (
        "For how long the number that everybody sees should have been looked at.",
        lambda: public.longest_standstill().total_seconds(),
    ),
    "actions_signatures_held": ("Signatures that wait for review.", _asked("select count(*) from actions_hold")),
    "actions_petitions_open": (
        "Forms that can be signed now.",
        _asked("select count(*) from actions_petition where opens_at <= now() and ends_at > now() and not paused"),
    ),
    "actions_mails_due": ("Mails that should have gone.", lambda: outbox.due().count()),
    "actions_mails_longest_wait_seconds": (
        "Age of the mail that has been due longest.",
        lambda: outbox.longest_wait().total_seconds(),
    ),
    "actions_mails_given_up_today": (
        "Mails that could not be sent, in 24 hours.",
        _asked(
            "select count(*) from actions_outboxmail where gave_up_at > now() - interval '1 day' "
            "and gave_up_why not in ('confirmed', 'not wanted')"
        ),
    ),
    "actions_alarms_unseen": (
        "Alarms that nobody has looked at.",
        _asked("select count(*) from actions_alarm where seen_at is null"),
    ),
    "actions_jobs_late": (
        "Regular work that should have been done five minutes ago.",
        _asked("select count(*) from actions_jobrun where due_at < now() - interval '5 minutes'"),
    ),
    "actions_jobs_failed": (
        "Regular work that failed the last time.",
        _asked("select count(*) from actions_jobrun where failed <> ''"),
    ),
    "actions_tasks_waiting": (
        "Tasks that no worker has begun.",
        _asked("select count(*) from django_tasks_database_dbtaskresult where status = 'READY'"),
    ),
    "actions_database_bytes": ("Size of the database.", _asked("select pg_database_size(current_database())")),
    "actions_database_connections": (
        "Connections to this database.",
        _asked("select count(*) from pg_stat_activity where datname = current_database()"),
    ),
    "actions_database_longest_transaction_seconds": (
        "Age of the oldest open transaction.",
        _asked(
            "select coalesce(max(extract(epoch from now() - xact_start)), 0) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid()"
        ),
    ),
}


class Database:
    """What the database knows, asked for anew each time."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        up = GaugeMetricFamily("actions_database_up", "Whether the database answers.")
        found = []
        try:
            for name, (text, ask) in GAUGES.items():
                gauge = GaugeMetricFamily(name, text)
                gauge.add_metric([], ask())
                found.append(gauge)
            up.add_metric([], 1.0)
        except DatabaseError as error:
            log.error("the database does not answer: %s", type(error).__name__)
            connection.close()
            up.add_metric([], 0.0)
        yield up
        yield from found


def registry() -> CollectorRegistry:
    """Everything that is watched: of all processes that write into the surface's folder, and of the database, which the
    public surface may not ask for it."""
    made = CollectorRegistry()
    if settings.METRICS_FOLDER:
        MultiProcessCollector(made)
    if settings.SURFACE != "public":
        made.register(Database())
    return made
