"""The membership system (J5): told by webhook of those who want to hear about other work, or asks by a cursor itself.

Notices are worked out from what is stored, by regular work: signing costs nothing more, and nothing is missed however
often a worker is killed. A notice holds no address: the signer is opened when it is handed over, which is recorded.

The webhook follows the Standard Webhooks specification: the headers webhook-id, webhook-timestamp and
webhook-signature (v1, HMAC-SHA-256 of "id.timestamp.body").
"""

import base64
import hashlib
import hmac
import json
import logging
import time
from datetime import timedelta
from typing import Any

import requests
from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from . import audit, reading
from .keys import KeyLost
from .models import MemberNotice, Signature
from .sealing import SealBroken

log = logging.getLogger(__name__)

MOST_TRIES = 12  # 1, 2, 4 … minutes, at most six hours: two days in all
LONGEST_WAIT = timedelta(hours=6)
TIMEOUT = 10  # seconds
ON_A_PAGE = 100
MAX_PAGE = 500


class NotTaken(Exception):
    """The membership system answered with something else than success; holds the status."""


NOTICES = """
insert into actions_membernotice (signature_id, petition_id, kind)
select s.id, s.petition_id, 'consented' from actions_signer r join actions_signature s on s.id = r.signature_id
    join actions_petition p on p.id = s.petition_id and not p.high_risk
where r.contact_other and s.state = 'counted' and s.signed_at > now() - %s::interval
    and not exists (select from actions_membernotice n where n.signature_id = s.id and n.kind = 'consented')
order by s.signed_at
on conflict (signature_id, kind) do nothing
"""
ENDS = """
insert into actions_membernotice (signature_id, petition_id, kind)
select n.signature_id, n.petition_id, 'ended' from actions_membernotice n
    left join actions_signature s on s.id = n.signature_id
    left join actions_signer r on r.signature_id = n.signature_id
where n.kind = 'consented' and (r.signature_id is null or not r.contact_other or s.state <> 'counted')
    and not exists (select from actions_membernotice e where e.signature_id = n.signature_id and e.kind = 'ended')
order by n.id
on conflict (signature_id, kind) do nothing
"""


def notice(*, recent: timedelta | None = timedelta(days=35)) -> int:
    """Write down what is to be told; returns how many notices are new. Regular work, when anybody is to be told.

    Often for those who signed lately (a confirmation may take a month), now and then for everybody (`recent` None).
    """
    if not (settings.MEMBERS_WEBHOOK or settings.MEMBERS_TOKEN):
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        # One at a time, so that numbers become visible in their order: a cursor must never pass one that comes later.
        # A lock that only who may write the table can hold; those who send notices do not wait for it.
        cursor.execute("lock table actions_membernotice in share update exclusive mode")
        cursor.execute(NOTICES, [f"{recent.days} days" if recent else "1000 years"])
        new = cursor.rowcount
        cursor.execute(ENDS)
        return new + cursor.rowcount


def page(after: int, *, limit: int = ON_A_PAGE, by: Any = audit.WORKER) -> list[dict[str, Any]]:
    """The notices after a number, as the membership system gets them. Raises KeyLost."""
    rows = MemberNotice.objects.filter(pk__gt=after).order_by("pk")[: min(limit, MAX_PAGE)]
    return [content(row, by=by) for row in rows]


def content(row: MemberNotice, *, by: Any = audit.WORKER) -> dict[str, Any]:
    """What is told: of the end of a contact the number only; of a contact the person, while the consent stands.

    Raises KeyLost. Of one whose seal does not open nothing can be told.
    """
    told: dict[str, Any] = {
        "cursor": row.pk,
        "type": f"contact.{row.kind}",
        "contact": str(row.signature_id),
        "action": row.petition_id,
        "at": row.created_at.isoformat(),
    }
    if row.kind == MemberNotice.Kind.ENDED:
        return told
    signature = (
        Signature.objects.filter(pk=row.signature_id, state=Signature.State.COUNTED, signer__contact_other=True)
        .select_related("signer__consent_text", "petition__secret")
        .first()
    )
    if signature is None:  # ended since; the next notice says so
        return told | {"type": "contact.gone"}
    to_whom = {"verb": audit.Verb.SHARED, "by": by, "purpose": "membership system"}
    try:
        person = reading.read(signer=signature.signer, petition=signature.petition, **to_whom)
    except SealBroken:
        return told | {"type": "contact.gone"}
    text = signature.signer.consent_text
    return told | {
        "person": person.for_membership(),
        "country": signature.country,
        "language": signature.language,
        "consent": {
            "given_at": signature.signed_at.isoformat(),
            "words": f"{text.language} {text.version}" if text else None,
        },
    }


def send_next() -> bool:
    """Deliver the notice that has been due longest to the webhook; False where none is due."""
    if not (settings.MEMBERS_WEBHOOK and settings.MEMBERS_SECRET):  # the mail worker's (mysite/settings)
        return False
    with transaction.atomic():
        row = (
            MemberNotice.objects.select_for_update(skip_locked=True)
            .filter(sent_at=None, dead_at=None, due_at__lte=Now())
            .order_by("due_at", "pk")
            .first()
        )
        if row is None:
            return False
        try:
            _deliver(row)
        except NotTaken as refused:
            _put_off(row, f"answered {refused.args[0]}")
        except (requests.RequestException, KeyLost) as error:
            _put_off(row, type(error).__name__)
        else:
            row.sent_at, row.problem = timezone.now(), ""
        row.attempts += 1
        row.save(update_fields=["sent_at", "dead_at", "due_at", "attempts", "problem"])
    return True


def _deliver(row: MemberNotice) -> None:
    body = json.dumps(content(row), ensure_ascii=False).encode()
    headers = signed(f"notice-{row.pk}", body, at=int(time.time()))
    # A redirect is not followed: people's addresses go to the place that was set, and to no other.
    answer = requests.post(settings.MEMBERS_WEBHOOK, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False)
    if not 200 <= answer.status_code < 300:
        raise NotTaken(answer.status_code)


def signed(message_id: str, body: bytes, *, at: int) -> dict[str, str]:
    """The headers by which the other side knows that it is us."""
    secret = base64.b64decode(settings.MEMBERS_SECRET.removeprefix("whsec_"))
    digest = hmac.digest(secret, f"{message_id}.{at}.".encode() + body, hashlib.sha256)
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def _put_off(row: MemberNotice, problem: str) -> None:
    row.problem = problem[:60]
    if row.attempts + 1 >= MOST_TRIES:
        row.dead_at = timezone.now()
        log.error("notice %s to the membership system given up: %s", row.pk, problem)
    else:
        row.due_at = timezone.now() + min(timedelta(minutes=2**row.attempts), LONGEST_WAIT)


def replay() -> int:
    """Try those that were given up once more; returns how many."""
    dead = MemberNotice.objects.filter(dead_at__isnull=False, sent_at=None)
    return dead.update(dead_at=None, attempts=0, due_at=Now(), problem="")


def token_fits(given: str) -> bool:
    """Whether a bearer token is the one that was set; in the same time whatever is wrong."""
    wanted = settings.MEMBERS_TOKEN
    return bool(wanted) and hmac.compare_digest(given.encode(), wanted.encode())
