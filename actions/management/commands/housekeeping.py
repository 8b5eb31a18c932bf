import logging
import time
from datetime import timedelta

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import Error as DatabaseError
from django.db import close_old_connections
from django.utils import timezone

from actions.accounts import watch
from actions.backoffice.tasks import forget_done, take_up
from actions.delivery import retention
from actions.delivery.tell import tell_due
from actions.mailing import send
from actions.pages import picture_alarm
from actions.signing import (
    alarms,
    counting,
    erase,
    exporting,
    files,
    keys,
    links,
    members,
    names,
    outbox,
    public,
    reminders,
    renewal,
    review,
)
from actions.signing.jobs import Job, run_due
from actions.signing.retention import look_at_holds
from actions.web import alarm_mail, erased_log, outcome_mail
from home import log_in
from home.tasks import look as look_after_files

log = logging.getLogger("actions.housekeeping")

DAY, HOUR, MINUTES, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=5), timedelta(minutes=1)


def carry_on() -> None:
    """Decisions that a stopped worker left half done."""
    for rule in review.waiting():
        review.carry_out(rule)


JOBS = {
    "public numbers": Job(timedelta(0), public.move),
    "long transactions": Job(timedelta(0), lambda: alarms.end_long_transactions(timezone.now())),
    "alarms": Job(MINUTES, lambda: alarms.look(timezone.now())),
    "look-ups": Job(MINUTES, lambda: alarms.look_at_lookups(timezone.now())),
    "roles of the database": Job(MINUTES, lambda: alarms.look_at_roles(timezone.now())),
    "alarms of accounts": Job(MINUTES, lambda: watch.look(timezone.now())),
    "alarm mails": Job(MINUTES, alarm_mail.send_waiting),
    "mails of accounts": Job(MINUTES, alarm_mail.send_waiting_of_accounts),
    "decisions": Job(MINUTES, carry_on),
    "work left lying": Job(MINUTE, take_up),
    "pictures and documents": Job(MINUTE, look_after_files),
    "files that expired": Job(MINUTES, files.forget_expired),
    "workbooks left lying": Job(MINUTES, exporting.sweep),
    "erased log": Job(MINUTES, erased_log.write),
    "first names": Job(MINUTES, lambda: names.prepare(timezone.now())),
    "addresses of a version before": Job(HOUR, renewal.renew),
    "names handed over": Job(MINUTES, lambda: tell_due(timezone.localdate())),
    "mails to signers": Job(MINUTES, send.look),
    "membership notices": Job(MINUTES, members.notice),
    "all membership notices": Job(DAY, lambda: members.notice(recent=None)),
    "log of notices": Job(DAY, members.forget_deliveries),
    "reminders": Job(HOUR, outbox.remind),
    "reminders of openings": Job(HOUR, reminders.forget_old),
    "unconfirmed codes": Job(MINUTES, erase.forget_unconfirmed),
    "compact tallies": Job(HOUR, counting.compact),
    "mails of the day": Job(HOUR, outbox.forget_days),
    "tries of codes": Job(DAY, links.forget_tries),
    "outcome": Job(DAY, lambda: outcome_mail.remind(timezone.now())),
    "contacts soon forgotten": Job(HOUR, lambda: retention.look_at_untold(timezone.now())),
    "retention": Job(HOUR, lambda: retention.forget_due(timezone.now())),
    "legal holds": Job(HOUR, lambda: look_at_holds(timezone.now())),
    "master keys": Job(DAY, keys.note_masters),
    "digest secret": Job(HOUR, lambda: alarms.look_at_secret(timezone.now())),
    "pictures that cannot be made": Job(MINUTES, lambda: picture_alarm.look(timezone.now())),
    "work that is done": Job(DAY, forget_done),
    "tries of logging in": Job(MINUTES, log_in.forget_expired),
    "sessions that ended": Job(DAY, lambda: call_command("clearsessions")),
    "check counts": Job(DAY, lambda: call_command("check_counts", verbosity=0)),
}


class Command(BaseCommand):
    help = "Does the regular work: alarms, retention, reminders, checks of the counts. Several may run at once."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="Do what is due and stop.")
        parser.add_argument("--pause", type=float, default=30.0, help="Seconds between two looks at the clock.")

    def handle(self, *args, once: bool, pause: float, **options):
        while True:
            try:
                run_due(JOBS, timezone.now())
            except DatabaseError as error:
                if once:
                    raise
                log.error("the database does not answer: %s", type(error).__name__)
                close_old_connections()
            if once:
                return
            time.sleep(pause)
