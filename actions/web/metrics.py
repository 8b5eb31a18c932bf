"""Answers, counted for who watches the site by the processes that give them, in files of one folder
(`PROMETHEUS_MULTIPROC_DIR`), if that is set. What the database knows stands in `gauges`.

Imported with the log, before there are models.
"""

from django.conf import settings
from prometheus_client import Counter, Histogram

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0)

requests = Histogram(
    "actions_request_seconds", "Seconds an answer took, by kind of address.", ["method", "route"], buckets=BUCKETS
)
answers = Counter("actions_answers", "Answers by status.", ["method", "status"])
wrong_tokens = Counter("actions_members_refused", "Wrong tokens at the interface of the membership system.")


def observe(*, method: str, route: str, status: int, seconds: float) -> None:
    """Count one answer. `route` is a pattern of the site's addresses, never an address that was asked for."""
    if settings.METRICS_FOLDER:
        requests.labels(method, route).observe(seconds)
        answers.labels(method, str(status)).inc()
