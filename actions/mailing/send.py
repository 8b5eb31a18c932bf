"""Sending a mailing: who would get it, putting it into the outbox, stopping, going on, and what became of it.

The outbox does the rest: one mail at a time, three a day for an address, back-off, bounces, one-click unsubscribe.
"""

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from actions.rules.errors import ChangeRefused
from actions.signing.models import OutboxMail

from .models import Mailing

Progress = Mailing.Progress
CONSENT = {Mailing.Audience.ACTION: "contact_action", Mailing.Audience.OTHER: "contact_other"}


# Those who asked for it from their mailbox, whose signature counts, and whose data may be used.
ASKED = """
from actions_signature s join actions_signer r on r.signature_id = s.id
where s.petition_id = %(petition)s and s.state = 'counted' and r.{consent} and r.proved_at is not null
    and not exists (select from actions_restriction x where x.signature_id = s.id)
"""


def audience(mailing: Mailing) -> dict[str, int]:
    """How many would get it, by language."""
    return _by_language(mailing, "r.mailbox_gone_at is null")


def unreachable(mailing: Mailing) -> dict[str, int]:
    """How many asked for it whose mailbox is not there any more, by language."""
    return _by_language(mailing, "r.mailbox_gone_at is not null")


def _by_language(mailing: Mailing, whose: str) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"select s.language, count(*) {_asked(mailing)} and {whose} group by 1 order by 2 desc",
            {"petition": mailing.petition_id},
        )
        return dict(cursor.fetchall())


def start(*, mailing: Mailing, by: Any) -> int:
    """Put it into the outbox for everybody who asked and has a mailbox, or for those left; returns for how many.

    All of it is one statement: it is there for everybody or for nobody. Whoever got it gets it no second time. Mails
    become due one after the other, `a_minute` of them, so that nothing else waits. Raises ChangeRefused where it is
    being sent already, where it is done, and where high-risk mode forbids mail.
    """
    with transaction.atomic():
        locked = Mailing.objects.select_for_update(of=("self",)).select_related("petition").get(pk=mailing.pk)
        refused = locked.progress in (Progress.SENDING, Progress.DONE) or locked.petition.high_risk
        if refused or locked.petition.forgotten_at or not locked.languages():
            raise ChangeRefused
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                insert into actions_outboxmail (id, signature_id, kind, mailing_id, created_at, due_at)
                select gen_random_uuid(), s.id, 'update', %(mailing)s, at, at from (
                    select s.id, now() + (row_number() over (order by s.id) - 1) * %(apart)s::interval as at
                    {_asked(locked)}
                    and r.mailbox_gone_at is null and s.language = any(%(languages)s) and not exists (
                        select from actions_outboxmail m where m.mailing_id = %(mailing)s and m.signature_id = s.id)
                ) s on conflict (mailing_id, signature_id) do nothing
                """,  # noqa: S608
                {
                    "mailing": locked.pk,
                    "petition": locked.petition_id,
                    "languages": locked.languages(),
                    "apart": f"{60 / locked.a_minute} seconds",
                },
            )
            number = cursor.rowcount
        locked.progress = Progress.SENDING
        locked.sent_at, locked.sent_by = locked.sent_at or timezone.now(), by
        locked.save(update_fields=["progress", "sent_at", "sent_by"])
    return number


def _asked(mailing: Mailing) -> str:
    return ASKED.format(consent=consent_of(mailing))  # one of two names of columns


def stop(mailing: Mailing) -> int:
    """Take out of the outbox what is not sent yet; `start` goes on. Returns how many were taken out."""
    with transaction.atomic():
        locked = Mailing.objects.select_for_update().get(pk=mailing.pk)
        if locked.progress != Progress.SENDING:
            raise ChangeRefused
        waiting = OutboxMail.objects.filter(mailing=locked, sent_at=None, gave_up_at=None)
        # A mail that is being sent at this moment is locked by its worker and stays.
        ids = list(waiting.select_for_update(skip_locked=True).values_list("pk", flat=True))
        OutboxMail.objects.filter(pk__in=ids).delete()
        locked.progress = Progress.STOPPED
        locked.save(update_fields=["progress"])
    return len(ids)


def report(mailing: Mailing) -> dict[str, dict[str, int]]:
    """By language: sent, waiting, came back, given up. Counts, never names; kept once the mails are forgotten."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select s.language, count(*) filter (where m.sent_at is not null),
                count(*) filter (where m.sent_at is null and m.gave_up_at is null),
                count(*) filter (where m.bounced_at is not null),
                count(*) filter (where m.gave_up_at is not null)
            from actions_outboxmail m join actions_signature s on s.id = m.signature_id
            where m.mailing_id = %s group by 1 order by 1
            """,
            [mailing.pk],
        )
        found = {
            language: {"sent": sent, "waiting": waiting, "bounced": bounced, "gave_up": gave_up}
            for language, sent, waiting, bounced, gave_up in cursor.fetchall()
        }
    # Who is erased afterwards takes the mail along: what was counted before stays the higher number.
    for language, kept in mailing.report.items():
        now = found.setdefault(language, dict.fromkeys(kept, 0))
        for name in ("sent", "bounced", "gave_up"):
            now[name] = max(now[name], kept[name])
    return found


def look() -> int:
    """Keep the reports, and note what is done; returns how many mailings were looked at. Regular work."""
    recent = timezone.now() - timedelta(days=30)
    rows = Mailing.objects.filter(sent_at__gt=recent).exclude(progress=Progress.DRAFT)
    for mailing in rows:
        mailing.report = report(mailing)
        waiting = sum(counts["waiting"] for counts in mailing.report.values())
        with transaction.atomic():
            locked = Mailing.objects.select_for_update().get(pk=mailing.pk)
            locked.report = mailing.report
            if locked.progress == Progress.SENDING and not waiting:
                locked.progress = Progress.DONE
            locked.save(update_fields=["report", "progress"])
    return len(rows)


def consent_of(mailing: Mailing) -> str:
    """The consent that a mailing is sent by; one of two names of columns."""
    return CONSENT[Mailing.Audience(mailing.audience)]
