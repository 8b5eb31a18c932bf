"""Telling somebody that a form has opened, who asked for it before.

Anybody can type anybody's address, so nobody is written to about an action on the strength of that: a mailbox gets one
question, once for each action, and is told of the opening only where its owner said yes. The address is sealed to the
petition's key and forgotten as soon as the mail is out, or without one when the owner says no, or nothing for a week.
"""

import base64
import logging
import random
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

import uuid_utils.compat as uuid
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.translation import gettext

from actions.rules import address
from actions.rules.errors import BadAddress, NotOpen

from . import audit, copies, limits, links, outbox
from .addresses import digests_of
from .keys import address_value, lock_number
from .links import BadLink
from .models import AddressMail, OpeningReminder, Petition, Withdrawal
from .outbox import Outcome
from .sealing import SealBroken, is_sound, open_content, seal_content

log = logging.getLogger(__name__)

UNANSWERED = timedelta(days=7)  # then the address goes
AFTER_THE_OPENING = timedelta(days=3)  # in which the mail is tried
LONGEST = timedelta(days=366)  # that an opening is waited for
TIMES_HELD = 10  # mailboxes asked in an hour, as a multiple of the held signers that may be written to
HOUR = timedelta(hours=1)


class Kind(StrEnum):
    """Which of the two mails: the question, and the one that was asked for."""

    ASK = "ask"
    OPEN = "open"


class Letter(NamedTuple):
    """What a mail is made of; the token of the link in the question."""

    kind: Kind
    reminder: OpeningReminder
    address: str
    token: str


class Facts(NamedTuple):
    """What the page behind a link shows."""

    petition_id: int
    language: str
    confirmed: bool


def ask(*, petition: Petition, email: str, language: str) -> None:
    """Write down that this mailbox is to be asked; the same for every address, whatever is known of it.

    Raises BadAddress, and NotOpen where there is no opening to wait for or no mail may name the action.
    """
    value = address_value(address.canonical(email))
    if not petition.public_key or petition.high_risk:
        raise NotOpen
    reminder_id = uuid.uuid4()
    sealed = seal_content({"email": email}, signature_id=reminder_id, petition=petition)
    with connection.cursor() as cursor:
        cursor.execute(
            "select actions_ask_reminder(%s, %s, %s, %s, %s)", [petition.pk, reminder_id, value, language, sealed]
        )
        (outcome,) = cursor.fetchone()
    if outcome == "closed":
        raise NotOpen


def facts(token: str) -> Facts:
    """Raises BadLink."""
    with connection.cursor() as cursor:
        cursor.execute("select * from actions_reminder_facts(%s)", [links._bytes(token)])
        row = cursor.fetchone()
    if row is None:
        raise BadLink
    return Facts(*row)


def answer(token: str, *, yes: bool) -> None:
    """What the owner of the mailbox says; after a no the link leads nowhere and the address is gone. Raises BadLink."""
    with connection.cursor() as cursor:
        cursor.execute("select actions_answer_reminder(%s, %s)", [links._bytes(token), yes])
        (outcome,) = cursor.fetchone()
    if outcome == "unknown":
        raise BadLink


Compose = Callable[[Letter], EmailMessage]


def due() -> QuerySet[OpeningReminder]:
    """Questions to ask, and what has opened for those who said yes."""
    has_opened = Q(confirmed_at__isnull=False, petition__opens_at__lte=Now(), petition__paused=False)
    waiting = OpeningReminder.objects.exclude(sealed=b"").filter(due_at__lte=Now())
    return waiting.filter(Q(asked_at=None) | has_opened)


def send_next(compose: Compose, send: Callable[[EmailMessage], object] = EmailMessage.send) -> Outcome:
    """Send the mail that has been due longest. Several workers may run at once; a crash sends one again, loses none."""
    with transaction.atomic():
        reminder = (
            due()
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("petition__secret")
            .order_by("due_at")
            .first()
        )
        if reminder is None:
            return Outcome.NOTHING
        kind = Kind.OPEN if reminder.confirmed_at else Kind.ASK
        if not _still_wanted(reminder, kind):
            reminder.delete()
            return Outcome.GIVEN_UP
        try:
            _send(reminder, kind, compose, send)
        except outbox.TooMany as full:
            return _put_off(reminder, kind, full.args[0])
        except outbox.Slowly:
            # Not all at the same moment.
            return _put_off(reminder, kind, timezone.now() + HOUR * (0.5 + random.random()))  # noqa: S311
        except (SealBroken, BadAddress):  # it was never sealed by us
            reminder.delete()
            return Outcome.GIVEN_UP
        except Exception as error:
            # The error's text may quote the address; its type is enough to act on.
            log.warning("a reminder was put off, attempt %s: %s", reminder.attempts + 1, type(error).__name__)
            wait = min(timedelta(minutes=2**reminder.attempts), outbox.LONGEST_WAIT)
            return _put_off(reminder, kind, timezone.now() + wait)
    return Outcome.SENT


def _still_wanted(reminder: OpeningReminder, kind: Kind) -> bool:
    petition, now = reminder.petition, timezone.now()
    if petition.high_risk or petition.forgotten_at:
        return False
    if kind is Kind.OPEN:
        return petition.can_be_signed(now)
    if petition.opens_at is None or petition.opens_at <= now:
        return False
    # Who asks for one mailbox at the same moment waits here; the first to come is asked, and nobody again.
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [lock_number(bytes(reminder.digest))])
    same = OpeningReminder.objects.filter(petition=petition, digest=reminder.digest).exclude(pk=reminder.pk)
    is_known = same.filter(Q(asked_at__isnull=False) | Q(sealed=b"") | Q(created_at__lt=reminder.created_at)).exists()
    return not is_known and not Withdrawal.objects.filter(pk=bytes(reminder.digest)).exists()


def _send(reminder: OpeningReminder, kind: Kind, compose: Compose, send: Callable[[EmailMessage], object]) -> None:
    petition = reminder.petition
    if kind is Kind.ASK:
        _drip()
    audit.record(audit.Verb.MAILED, by=audit.WORKER, petition=petition.pk, purpose=f"opening, {kind}")
    content = open_content(sealed=bytes(reminder.sealed), signature_id=reminder.pk, petition=petition)
    if set(content) != {"email"} or not is_sound("email", content["email"]):
        raise SealBroken
    with transaction.atomic():  # a mail that is not sent does not count towards the day's
        outbox._claim(content["email"], AddressMail.Budget.OTHER)
        token = secrets.token_bytes(32)
        if kind is Kind.ASK:
            reminder.asked_at, reminder.attempts = timezone.now(), 0
            reminder.link_hash = sha256(token).digest()
            reminder.save(update_fields=["asked_at", "attempts", "link_hash"])
        written = base64.urlsafe_b64encode(token).decode().rstrip("=")
        send(compose(Letter(kind, reminder, content["email"], written if kind is Kind.ASK else "")))
        if kind is Kind.OPEN:  # that was all it was for
            reminder.delete()


def _drip() -> None:
    """Raises Slowly where enough mailboxes were asked in the last hour: nobody knows who typed their addresses."""
    asked = OpeningReminder.objects.filter(asked_at__gt=timezone.now() - HOUR)
    if asked.count() >= limits.rules().held_mails_per_hour * TIMES_HELD:
        raise outbox.Slowly


def _put_off(reminder: OpeningReminder, kind: Kind, until: datetime) -> Outcome:
    begun = reminder.created_at if kind is Kind.ASK else reminder.petition.opens_at or reminder.created_at
    if timezone.now() - begun > outbox.MAX_AGE:
        reminder.delete()
        return Outcome.GIVEN_UP
    # The row as it was locked: what a mail that failed has changed of it was taken back.
    OpeningReminder.objects.filter(pk=reminder.pk).update(due_at=until, attempts=reminder.attempts + 1)
    return Outcome.PUT_OFF


def forget_old() -> int:
    """Delete what is not waited for any more, and addresses whose owner has not answered; returns how many rows."""
    now = timezone.now()
    unanswered = OpeningReminder.objects.exclude(sealed=b"").filter(confirmed_at=None, asked_at__lt=now - UNANSWERED)
    silent = unanswered.update(sealed=b"")
    opened = Q(petition__opens_at__lte=now) & (
        Q(confirmed_at=None) | Q(petition__opens_at__lt=now - AFTER_THE_OPENING) | Q(petition__ends_at__lte=now)
    )
    gone = OpeningReminder.objects.filter(
        opened | Q(created_at__lt=now - LONGEST) | Q(petition__forgotten_at__isnull=False)
    )
    return silent + gone.delete()[0]


def of_address(email: str) -> list[OpeningReminder]:
    """Those that hold an address, in every petition; a no leaves none behind. Raises BadAddress, WrongSecret."""
    either = Q(pk=None)
    for petition, digest in digests_of(email):
        either |= Q(petition=petition, digest=digest)
    return list(
        OpeningReminder.objects.filter(either)
        .exclude(sealed=b"")
        .select_related("petition__secret")
        .order_by("created_at")
    )


def everything(reminder: OpeningReminder, *, verb: audit.Verb, by: Any, purpose: str) -> dict[str, Any]:
    """All we hold about one, as plain values, for the person. Raises KeyLost."""
    audit.record(verb, by=by, petition=reminder.petition_id, purpose=purpose)
    try:
        content = open_content(sealed=bytes(reminder.sealed), signature_id=reminder.pk, petition=reminder.petition)
    except SealBroken:
        content = {"damaged": True}
    with translation.override(reminder.language if reminder.language in dict(settings.LANGUAGES) else None):
        return content | {
            "title": copies.title_of(reminder.petition, reminder.language),
            "action": reminder.petition.name,
            "purpose": gettext("to tell you when this action opens"),
            "language": reminder.language,
            "reminder_asked_for": reminder.created_at.isoformat(),
            "reminder_wanted_since": reminder.confirmed_at.isoformat() if reminder.confirmed_at else None,
        }


def forget(ids: list[UUID]) -> int:
    """Delete some, address and all; returns how many."""
    return OpeningReminder.objects.filter(pk__in=ids).delete()[0]


def forget_all() -> int:
    """After a restore: nobody knows who has said no since the backup, so nobody is written to; returns how many."""
    return OpeningReminder.objects.all().delete()[0]
