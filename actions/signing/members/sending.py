"""Delivering notices by webhook, in their order, to a system that may be slow, away, or gone.

The webhook follows the Standard Webhooks specification: the headers webhook-id, webhook-timestamp and
webhook-signature (v1, HMAC-SHA-256 of "id.timestamp.body", one for each secret that is set).
"""

import base64
import hashlib
import hmac
import time
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

import requests
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from ..keys import KeyLost
from ..models import MemberDelivery, MemberNotice, MemberSystem, Petition
from .content import OF_A_PERSON, body, content, holds
from .peer import raise_alarm, system, was_taken, will_try

MOST_TRIES = 17  # of one notice, after 1, 2, 4 … minutes, at most six hours: two days in all
LONGEST_WAIT = timedelta(hours=6)
LONGEST_QUIET = timedelta(hours=1)  # where the system does not say how long
LONGEST_ASKED = timedelta(days=1)  # where it does
TROUBLE = timedelta(hours=1)  # after which somebody is told
TIMEOUT = 10  # seconds
LOG_KEPT = timedelta(days=31)
LOCK = 7_390_039  # one sender at a time

# Of the whole system, and not of one notice: it is left alone for a while, and nothing is given up.
NOT_NOW = frozenset({408, 425, 429, 502, 503, 504})
# It does not want to be told, or does not know us: nothing more is sent until somebody of staff says so.
NO_MORE = frozenset({401, 403, 410})


class Answer(NamedTuple):
    """What the other side said: a status, or why there is none; and for how long it wants to be left alone."""

    status: int | None
    problem: str = ""
    quiet: timedelta | None = None

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def send_next() -> bool:
    """Deliver the next notice; False where none is due, where another worker sends, or the system is left alone."""
    if not (settings.MEMBERS_WEBHOOK and settings.MEMBERS_SECRETS):  # the worker of its own has them (mysite/settings)
        return False
    while (done := _send()) is None:
        continue
    return done


def _send() -> bool | None:
    """As `send_next`; None where it is only written down that somebody is about to be told of for the first time."""
    with transaction.atomic():
        if not _is_alone() or (row := _next()) is None:
            return False
        if row.kind in OF_A_PERSON and holds(row) and will_try(row.contact):
            return None
        try:
            told = content(row)
        except KeyLost:
            _wait(row, "KeyLost")
            return True
        if told is None:
            row.overtaken_at = timezone.now()
            row.save(update_fields=["overtaken_at"])
            return True
        begun = time.monotonic()
        answer = _deliver(str(row.uid), body(told))
        _note(row, answer, milliseconds=int(1000 * (time.monotonic() - begun)))
    return True


def _is_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [LOCK])
        return cursor.fetchone()[0]


def _next() -> MemberNotice | None:
    """The first that is due, never before an earlier one of the same contact."""
    now = timezone.now()
    state = system()
    if state.stopped or (state.quiet_until and state.quiet_until > now):
        return None
    waiting = MemberNotice.objects.filter(sent_at=None, dead_at=None, overtaken_at=None, epoch__isnull=False)
    earlier = waiting.filter(contact=OuterRef("contact"), pk__lt=OuterRef("pk"))
    return waiting.filter(~Exists(earlier), due_at__lte=now).order_by("pk").first()


def _deliver(message_id: str, body: bytes) -> Answer:
    headers = signed(message_id, body, at=int(time.time()))
    try:
        # A redirect is not followed: people's addresses go to the place that was set, and to no other.
        answer = requests.post(
            settings.MEMBERS_WEBHOOK, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False
        )
    except requests.RequestException as error:
        return Answer(None, type(error).__name__)
    taken = 200 <= answer.status_code < 300
    quiet = _retry_after(answer.headers.get("Retry-After", ""), timezone.now())
    return Answer(answer.status_code, "" if taken else f"answered {answer.status_code}", quiet)


def _retry_after(text: str, now: datetime) -> timedelta | None:
    """For how long to wait, from seconds or an instant; at most a day."""
    try:
        wait = timedelta(seconds=int(text)) if text.strip().isdecimal() else parsedate_to_datetime(text) - now
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(wait, timedelta(0)), LONGEST_ASKED)


def signed(message_id: str, body: bytes, *, at: int) -> dict[str, str]:
    """The headers by which the other side knows that it is us, whichever of our secrets it knows."""
    content = f"{message_id}.{at}.".encode() + body
    digests = [hmac.digest(_bytes(secret), content, hashlib.sha256) for secret in settings.MEMBERS_SECRETS]
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests),
    }


def _bytes(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix("whsec_"))


def _note(row: MemberNotice, answer: Answer, *, milliseconds: int) -> None:
    """Write down what was answered, and what follows from it for this notice and for all."""
    MemberDelivery.objects.create(
        notice=row, status=answer.status, problem=answer.problem[:60], milliseconds=milliseconds
    )
    row.problem = answer.problem[:60]
    if answer.is_taken:
        row.attempts += 1
        row.sent_at = timezone.now()
        if row.contact and row.kind in OF_A_PERSON:
            was_taken([row.contact])
        MemberSystem.objects.filter(failures__gt=0).update(failures=0, trouble_since=None, quiet_until=None)
    elif answer.status in NO_MORE:
        MemberSystem.objects.update(stopped=str(answer.status))
        raise_alarm(answer.problem)
    elif answer.status is None or answer.status in NOT_NOW:
        _leave_alone(answer)
    else:
        _put_off(row, wait=answer.quiet)
    row.save(update_fields=["sent_at", "dead_at", "due_at", "attempts", "problem"])


def _leave_alone(answer: Answer) -> None:
    """Ask nothing of a system that is in trouble for a while, as long as it says or longer each time."""
    state, now = system(), timezone.now()
    since = state.trouble_since or now
    wait = answer.quiet or min(timedelta(minutes=2 ** min(state.failures, 10)), LONGEST_QUIET)
    MemberSystem.objects.update(failures=min(state.failures + 1, 1000), trouble_since=since, quiet_until=now + wait)
    if now - since >= TROUBLE:
        raise_alarm(answer.problem)


def _wait(row: MemberNotice, problem: str) -> None:
    """Trouble of our own: nothing was sent, and nothing is given up."""
    row.problem, row.due_at = problem, timezone.now() + timedelta(minutes=1)
    row.save(update_fields=["due_at", "problem"])
    raise_alarm(problem)


def _put_off(row: MemberNotice, *, wait: timedelta | None = None) -> None:
    """Try this one again later, and give it up in the end: only what was answered about this one counts."""
    row.attempts += 1
    if row.attempts >= MOST_TRIES:
        row.dead_at = timezone.now()
        raise_alarm("given up", 1)
    else:
        row.due_at = timezone.now() + (wait or min(timedelta(minutes=2 ** max(row.attempts - 1, 0)), LONGEST_WAIT))


def replay() -> int:
    """Try those that were given up once more; returns how many."""
    dead = MemberNotice.objects.filter(dead_at__isnull=False, sent_at=None)
    return dead.update(dead_at=None, attempts=0, due_at=timezone.now(), problem="")


def try_once_more(petition: Petition) -> int:
    """Try those of a petition that were given up one time more, before its signers are forgotten; returns how many."""
    dead = MemberNotice.objects.filter(petition=petition, kind__in=OF_A_PERSON, dead_at__isnull=False, sent_at=None)
    return dead.update(dead_at=None, attempts=MOST_TRIES - 1, due_at=timezone.now())


def send_again(row: MemberNotice) -> bool:
    """Send one notice once more, under its id; False where a later one says how it is now."""
    later = MemberNotice.objects.filter(contact=row.contact, pk__gt=row.pk)
    if row.overtaken_at or row.epoch is None or (row.contact and later.exists()):
        return False
    row.sent_at, row.dead_at, row.attempts, row.due_at, row.problem = None, None, 0, timezone.now(), ""
    row.save(update_fields=["sent_at", "dead_at", "attempts", "due_at", "problem"])
    return True


def forget_deliveries() -> int:
    """Delete the log of tries that are older than a month; returns how many."""
    return MemberDelivery.objects.filter(at__lt=timezone.now() - LOG_KEPT).delete()[0]
