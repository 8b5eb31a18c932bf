"""Sending what the outbox holds. Several workers may run at once; each mail is claimed by one.

A row is locked while its mail is sent and marked in the same transaction: a crash in between sends it again with the
same Message-ID, never loses it.
"""

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import DurationField, ExpressionWrapper, F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from actions.rules.errors import BadAddress

from . import audit, consents, limits, links, reading, renewal
from .addresses import address_key, signatures_of
from .consents import CONTACT, Way
from .keys import KeyLost, lock_number
from .models import AddressMail, Alarm, ConsentWish, Funnel, Hold, OutboxMail, Signature, Signer
from .sealing import SealBroken

log = logging.getLogger(__name__)

Kind = OutboxMail.Kind

MAX_AGE = timedelta(days=3)
LONGEST_WAIT = timedelta(hours=2)
# Mails to one address in a day, over all actions. What anybody can ask for leaves room for a request to confirm, and
# codes have a budget of their own.
PER_ADDRESS, MOST_OTHERS, MOST_CODES = 3, 2, 5
HOUR, DAY = timedelta(hours=1), timedelta(hours=24)

# Nobody knows yet who has signed in whose name where a signature is held for one of these: such an address is written
# to slowly, lest a few machines make us write to any number of strangers.
HELD_FOR = (Hold.Reason.NETWORK, Hold.Reason.TRAP, Hold.Reason.PACE)
HELD_PER_NETWORK = 10  # mails in an hour
BREAKER_TIMES = 10  # the mails of an ordinary hour

ASK_TO_CONFIRM = {Kind.CONFIRM, Kind.REMINDER, Kind.CODE}
FIRST = {Kind.RECEIPT, Kind.CONFIRM, Kind.CODE}  # what goes out before anything else to who has just signed
Budget = AddressMail.Budget
BUDGETS = {Kind.CODE: Budget.CODE, Kind.CONFIRM: Budget.CONFIRM, Kind.REMINDER: Budget.CONFIRM}  # anything else: OTHER
# Broken for good, no address, or the person was erased.
FINAL = {SealBroken.__name__, BadAddress.__name__, "RelatedObjectDoesNotExist"}


class Letter(NamedTuple):
    """What a mail is made of: the outbox row (with signature and petition), the address, the link's token and code.

    `others` are links to the address's signatures of other actions: in a mail that was asked for to all, in a receipt
    to those whose receipt waits. `signed` are the petitions that the address of a receipt has signed.
    """

    mail: OutboxMail
    address: str
    token: str
    code: str
    others: list[tuple[Signature, str]]
    signed: frozenset[int] = frozenset()


Compose = Callable[[Letter], EmailMessage]
Send = Callable[[EmailMessage], object]


class Outcome(StrEnum):
    """What became of the mail that was due; false where none was."""

    NOTHING = ""
    SENT = "sent"
    GIVEN_UP = "given up"
    PUT_OFF = "put off"


class NotNeeded(Exception):
    """What the mail asks for has been done, or can no longer be done."""


class Repeated(Exception):
    """The mailbox has signed before, as is known under an older form of its address alone (renewal.py)."""


class TooMany(Exception):
    """The address has had its mails of the day; holds when there is room again."""


class Slowly(Exception):
    """As many whose signature is held were written to lately as may be."""


def send_next(compose: Compose, send: Send = EmailMessage.send) -> Outcome:
    """Send the mail that has been due longest.

    A mail that fails is tried again after 1, 2, 4 … minutes, at most two hours, and given up after three days.
    """
    with transaction.atomic():
        mail = (
            due()
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("signature__petition__secret", "signature__signer")
            .order_by("due_at")
            .first()
        )
        if mail is None:
            return Outcome.NOTHING
        repeated = False
        try:
            _send(mail, compose, send)
        except NotNeeded:
            mail.gave_up_at, mail.gave_up_why = timezone.now(), "not needed"
        except Repeated:
            repeated = True
            mail.gave_up_at, mail.gave_up_why = timezone.now(), "not needed"
        except TooMany as full:
            _too_many(mail, full.args[0])
        except Slowly:
            _slowly(mail)
        except Exception as error:
            # The error's text may quote the address; its type is enough to act on.
            _put_off(mail, type(error).__name__)
        else:
            mail.sent_at = timezone.now()
        mail.attempts += 1
        mail.save(update_fields=["attempts", "due_at", "sent_at", "gave_up_at", "gave_up_why"])
        if repeated:
            renewal.take_back(mail.signature)
    if not mail.sent_at:
        return Outcome.GIVEN_UP if mail.gave_up_at else Outcome.PUT_OFF
    if mail.kind not in (
        Kind.UPDATE,
        Kind.HANDED,
    ):  # by itself: a row that all workers write to must not take back that a mail was sent
        step(mail.signature.petition_id, Funnel.Step.MAILED)
    return Outcome.SENT


def patience(failures: int) -> float:
    """Seconds to leave the mail server alone after so many failures in a row: none for two, then 4, 8 … at most 60."""
    return min(60.0, 2.0 ** (failures - 1)) if failures > 2 else 0.0


def _send(mail: OutboxMail, compose: Compose, send: Send) -> None:
    if not _still_wanted(mail):
        raise NotNeeded
    signature = mail.signature
    if signature.state == Signature.State.HELD and mail.kind == Kind.CONFIRM:  # a reminder comes at the same pace
        _drip(signature)
    purpose = f"breach {mail.incident_id}" if mail.incident_id else mail.kind
    person = reading.read(
        signer=signature.signer, petition=signature.petition, verb=audit.Verb.MAILED, by=audit.WORKER, purpose=purpose
    )
    if mail.kind in FIRST and renewal.is_repeated(signature, person.email):
        raise Repeated
    with transaction.atomic():  # a mail that is not sent leaves no link, and does not count towards the day's
        _claim(person.email, BUDGETS.get(Kind(mail.kind), Budget.OTHER))
        token, code = links.make_link(signature, with_code=mail.kind in ASK_TO_CONFIRM)
        theirs = signatures_of(person.email) if mail.kind in (Kind.LINK, Kind.RECEIPT) else []
        others = _others(mail, theirs, person.email)
        told = [(other, links.make_link(other, with_code=False)[0]) for other in others]
        signed = frozenset(other.petition_id for other in theirs)
        send(compose(Letter(mail, person.email, token, code, told, signed)))
        if mail.kind == Kind.RECEIPT and others:
            waiting = OutboxMail.objects.filter(kind=Kind.RECEIPT, signature__in=others, sent_at=None)
            waiting.update(sent_at=timezone.now())


def _others(mail: OutboxMail, theirs: list[Signature], email: str) -> list[Signature]:
    """What the address signed besides: for a mail that was asked for all of it, for a receipt whatever waits for one.

    So a receipt is never given up, however many others are made to wait: the next mail tells of them all.
    """
    found = [
        other
        for other in theirs
        if other.pk != mail.signature_id
        and hasattr(other, "signer")
        and not other.petition.high_risk
        and not links.is_blocked(other)
    ]
    if mail.kind == Kind.LINK or not found:
        return found
    found = [other for other in found if not renewal.is_repeated(other, email)]  # such a one is taken back in its turn
    # One that is being sent at this moment is its worker's.
    waiting = OutboxMail.objects.filter(kind=Kind.RECEIPT, signature__in=found, sent_at=None, gave_up_at=None)
    still = set(waiting.select_for_update(skip_locked=True).values_list("signature", flat=True))
    return [other for other in found if other.pk in still]


def _still_wanted(mail: OutboxMail) -> bool:
    """A request to confirm makes no sense once the signature counts; a mailing asks for the consent once more."""
    if mail.incident_id:  # the law asks for it, whatever was agreed to
        return True
    if links.is_blocked(mail.signature):
        return False
    if mail.kind != Kind.LINK and hasattr(mail.signature, "restriction"):  # a link the signer asked for
        return False
    if mail.kind in (Kind.UPDATE, Kind.HANDED) and mail.signature.signer.mailbox_gone_at:
        return False
    if mail.kind == Kind.UPDATE:
        signer = mail.signature.signer
        return mail.signature.state == Signature.State.COUNTED and (
            signer.agrees("contact_action") or signer.agrees("contact_other")
        )
    if mail.kind == Kind.HANDED:
        return mail.signature.state == Signature.State.COUNTED and mail.signature.signer.agrees("contact_action")
    if mail.kind not in ASK_TO_CONFIRM:
        return True
    return mail.signature.state in (Signature.State.AWAITING, Signature.State.HELD) and (
        mail.signature.petition.can_be_signed(timezone.now())
    )


def _drip(signature: Signature) -> None:
    """Raises Slowly where enough held signers were asked in the last hour; workers wait for each other here."""
    hold = Hold.objects.filter(pk=signature.pk, reason__in=HELD_FOR).first()
    if hold is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("lock table actions_hold in share update exclusive mode")  # nobody who signs waits for it
    asked = OutboxMail.objects.filter(
        kind=Kind.CONFIRM, sent_at__gt=timezone.now() - HOUR, signature__hold__reason__in=HELD_FOR
    )
    if asked.count() >= limits.rules().held_mails_per_hour:
        raise Slowly
    if asked.filter(signature__hold__network=hold.network).count() >= HELD_PER_NETWORK:
        raise Slowly


def _slowly(mail: OutboxMail) -> None:
    now = timezone.now()
    if now - mail.created_at > MAX_AGE:  # the signature stays held, for staff to look at
        mail.gave_up_at, mail.gave_up_why = now, "held, and nobody looked"
    else:
        # Not all at the same moment; whoever comes first then is not always the same network.
        mail.due_at = now + HOUR * (0.5 + random.random())  # noqa: S311


def _claim(email: str, budget: AddressMail.Budget) -> None:
    """Note one more mail to an address. Raises TooMany at a limit; workers wait for each other at one address."""
    key = address_key(email)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [lock_number(key)])
    lately = AddressMail.objects.filter(key=key, at__gt=timezone.now() - DAY)
    if budget is Budget.CODE:
        _room(lately.filter(budget=Budget.CODE), MOST_CODES)
    else:
        _room(lately.exclude(budget=Budget.CODE), PER_ADDRESS)
        if budget is Budget.OTHER:
            _room(lately.filter(budget=Budget.OTHER), MOST_OTHERS)
    AddressMail.objects.create(key=key, budget=budget)


def _room(lately: QuerySet[AddressMail], most: int) -> None:
    """Raises TooMany, with the instant from which there is room, where so many mails or more went out."""
    newest_first = list(lately.order_by("-at").values_list("at", flat=True)[:most])
    if len(newest_first) >= most:
        raise TooMany(newest_first[-1] + DAY)


def _too_many(mail: OutboxMail, until: datetime) -> None:
    now = timezone.now()
    if now - mail.created_at > MAX_AGE or _is_overtaken(mail):
        mail.gave_up_at, mail.gave_up_why = now, "address has had enough"
    else:
        mail.due_at = until


def _is_overtaken(mail: OutboxMail) -> bool:
    """Whether the address has tried to sign anew in high-risk mode, and that waits for its code, too: it goes first."""
    if mail.kind != Kind.CODE or mail.signature.claim is None:
        return False
    tries = OutboxMail.objects.filter(kind=Kind.CODE, sent_at=None, gave_up_at=None, created_at__gt=mail.created_at)
    return tries.filter(signature__petition=mail.signature.petition_id, signature__claim=mail.signature.claim).exists()


def _put_off(mail: OutboxMail, why: str) -> None:
    now = timezone.now()
    if now - mail.created_at > MAX_AGE or why in FINAL:
        mail.gave_up_at, mail.gave_up_why = now, why[:60]
        log.error("mail %s given up after %s attempts: %s", mail.pk, mail.attempts + 1, why)
    else:
        mail.due_at = now + min(timedelta(minutes=2**mail.attempts), LONGEST_WAIT)
        log.warning("mail %s put off, attempt %s: %s", mail.pk, mail.attempts + 1, why)


def step(petition: int, which: Funnel.Step) -> None:
    """One more on the way to confirmation today."""
    with connection.cursor() as cursor:
        cursor.execute("select actions_step(%s, %s)", [petition, which])


def due() -> QuerySet[OutboxMail]:
    """Mails that should go now, or should have gone."""
    return OutboxMail.objects.filter(sent_at=None, gave_up_at=None, due_at__lte=Now())


def longest_wait() -> timedelta:
    """How long the mail that has waited longest has been due."""
    age = ExpressionWrapper(Now() - F("due_at"), DurationField())
    return due().order_by("due_at").values_list(age, flat=True).first() or timedelta(0)


def flooded() -> bool:
    """The breaker: whether more mails went out in the last hour than are allowed. Alarms at half of it, and there; each
    once an hour."""
    least = limits.rules().mails_per_hour
    now = timezone.now()
    if not least:
        return False
    sent = AddressMail.objects.filter(at__gt=now - HOUR).count()
    if sent * 2 < least:
        return False
    before = AddressMail.objects.filter(at__gt=now - DAY, at__lte=now - HOUR).count()  # no longer are they known
    allowed = max(least, BREAKER_TIMES * before // 23)
    if sent * 2 < allowed:
        return False
    stops = sent >= allowed
    hour = now.replace(minute=0, second=0, microsecond=0)
    kind = Alarm.Kind.MAIL if stops else Alarm.Kind.MAILS_SOON
    if Alarm.objects.raise_once(kind, number=sent, hour=hour):
        log.error("%s mails in an hour, %s are allowed%s", sent, allowed, "; sending stopped" if stops else "")
    return stops


def bounced(mail_id: UUID) -> bool:
    """Note that a mail came back as nobody is there. Returns whether it is one of ours that was not known to have."""
    mail = OutboxMail.objects.filter(pk=mail_id, bounced_at=None).select_related("signature__petition").first()
    if mail is None or not OutboxMail.objects.filter(pk=mail_id, bounced_at=None).update(bounced_at=timezone.now()):
        return False
    if mail.kind != Kind.UPDATE:
        step(mail.signature.petition_id, Funnel.Step.BOUNCED)
    # Nothing more is sent to a mailbox that is not there, for this action or another.
    ids = _of_its_address(mail)
    Signer.objects.filter(pk__in=ids, mailbox_gone_at=None).update(mailbox_gone_at=timezone.now())
    waiting = OutboxMail.objects.filter(signature__in=ids, sent_at=None, gave_up_at=None)
    waiting.update(gave_up_at=timezone.now(), gave_up_why="bounced")
    return True


def no_more(mail_id: UUID) -> bool:
    """Its reader complained of a mail, or unsubscribed at the provider: end contact with the address, for every action.

    Returns whether the mail is one of ours.
    """
    mail = OutboxMail.objects.filter(pk=mail_id).select_related("signature__petition").first()
    if mail is None:
        return False
    ids = _of_its_address(mail)
    with transaction.atomic():
        for pk, petition in Signature.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "petition"):
            if consents.change(signatures=[pk], consents=CONTACT, given=False, way=Way.PROVIDER):
                purpose = f"{', '.join(CONTACT)}: {Way.PROVIDER}"
                audit.record(audit.Verb.CONSENT, by=audit.NOBODY, petition=petition, signature=pk, purpose=purpose)
        ConsentWish.objects.filter(pk__in=ids).update(contact_action=False, contact_other=False)
        with connection.cursor() as cursor:
            cursor.execute("select actions_no_more_mail(%s::uuid[])", [ids])
    return True


def _of_its_address(mail: OutboxMail) -> list[UUID]:
    """The signatures of the address a mail went to; the mail's own where the signer is gone or cannot be opened."""
    signature = mail.signature
    try:
        person = reading.read(
            signer=signature.signer,
            petition=signature.petition,
            verb=audit.Verb.MATCHED,
            by=audit.WORKER,
            purpose="came back",
        )
        return [other.pk for other in signatures_of(person.email)] or [signature.pk]
    except (Signer.DoesNotExist, KeyLost, SealBroken, BadAddress):
        return [signature.pk]


def remind(*, after: timedelta = timedelta(days=3)) -> int:
    """Write the one reminder for signatures that have awaited confirmation so long; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into actions_outboxmail (id, signature_id, kind)
            select gen_random_uuid(), s.id, 'reminder' from actions_outboxmail m
                join actions_signature s on s.id = m.signature_id and s.state in ('awaiting', 'held')
                join actions_petition p on p.id = s.petition_id and not p.high_risk and not p.paused
                    and p.opens_at <= now() and (p.ends_at is null or p.ends_at > now())
            where m.kind = 'confirm' and m.bounced_at is null and m.sent_at < now() - make_interval(secs => %s)
                and m.sent_at > now() - interval '30 days'
            on conflict (signature_id, kind) where not (kind in ('link', 'update')) do nothing
            """,
            [after.total_seconds()],
        )
        return cursor.rowcount


def forget_days() -> int:
    """Delete what is known of mails older than a day."""
    return AddressMail.objects.filter(at__lt=timezone.now() - DAY).delete()[0]
