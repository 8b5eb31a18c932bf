"""Numbers for who watches the site, as Prometheus takes them. None of them is about a person, and none is public.

Requests are counted by the processes that answer them, in files of one folder (`PROMETHEUS_MULTIPROC_DIR`), if that is
set. What the database knows is asked for when somebody asks `manage.py metrics`, which serves both on its own port.
"""

import os
from collections.abc import Iterable

from django.db import DatabaseError, connection
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0)

requests = Histogram(
    "actions_request_seconds", "Seconds an answer took, by kind of address.", ["method", "route"], buckets=BUCKETS
)
answers = Counter("actions_answers", "Answers by status.", ["method", "status"])


def observe(*, method: str, route: str, status: int, seconds: float) -> None:
    """Count one answer. `route` is a pattern of the site's addresses, never an address that was asked for."""
    if FOLDER:
        requests.labels(method, route).observe(seconds)
        answers.labels(method, str(status)).inc()


GAUGES = {
    "actions_signatures_counted": (
        "Signatures of all actions, on paper too.",
        "select coalesce(sum(counted + paper), 0) from actions_totalslot",
    ),
    "actions_signatures_held": ("Signatures that wait for review.", "select count(*) from actions_hold"),
    "actions_petitions_open": (
        "Forms that can be signed now.",
        "select count(*) from actions_petition where opens_at <= now() and ends_at > now() and not paused",
    ),
    "actions_mails_due": (
        "Mails that should have gone.",
        "select count(*) from actions_outboxmail "
        "where sent_at is null and gave_up_at is null and due_at <= clock_timestamp()",
    ),
    "actions_mails_longest_wait_seconds": (
        "Age of the mail that has been due longest.",
        "select coalesce(extract(epoch from clock_timestamp() - min(due_at)), 0) from actions_outboxmail "
        "where sent_at is null and gave_up_at is null and due_at <= clock_timestamp()",
    ),
    "actions_mails_given_up_today": (
        "Mails that could not be sent, in 24 hours.",
        "select count(*) from actions_outboxmail where gave_up_at > now() - interval '1 day' "
        "and gave_up_why <> 'confirmed'",
    ),
    "actions_alarms_unseen": (
        "Alarms that nobody has looked at.",
        "select count(*) from actions_alarm where seen_at is null",
    ),
    "actions_jobs_late": (
        "Regular work that should have been done five minutes ago.",
        "select count(*) from actions_jobrun where due_at < now() - interval '5 minutes'",
    ),
    "actions_jobs_failed": (
        "Regular work that failed the last time.",
        "select count(*) from actions_jobrun where failed <> ''",
    ),
    "actions_tasks_waiting": (
        "Tasks that no worker has begun.",
        "select count(*) from django_tasks_database_dbtaskresult where status = 'READY'",
    ),
    "actions_database_bytes": ("Size of the database.", "select pg_database_size(current_database())"),
    "actions_database_connections": (
        "Connections to this database.",
        "select count(*) from pg_stat_activity where datname = current_database()",
    ),
    "actions_database_longest_transaction_seconds": (
        "Age of the oldest open transaction.",
        "select coalesce(max(extract(epoch from now() - xact_start)), 0) from pg_stat_activity "
        "where datname = current_database() and pid <> pg_backend_pid()",
    ),
}


class Database:
    """What the database knows, asked for anew each time."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        up = GaugeMetricFamily("actions_database_up", "Whether the database answers.")
        found = []
        try:
            with connection.cursor() as cursor:
                for name, (text, question) in GAUGES.items():
                    cursor.execute(question)
                    gauge = GaugeMetricFamily(name, text)
                    gauge.add_metric([], float(cursor.fetchone()[0]))
                    found.append(gauge)
            up.add_metric([], 1.0)
        except DatabaseError:
            connection.close()
            up.add_metric([], 0.0)
        yield up
        yield from found


def registry() -> CollectorRegistry:
    """Everything that is watched: of all processes that write into the folder, and of the database."""
    made = CollectorRegistry()
    if FOLDER:
        MultiProcessCollector(made)
    made.register(Database())
    return made
