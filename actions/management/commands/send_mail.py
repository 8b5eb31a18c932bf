import logging
import time

from django.core.management.base import BaseCommand
from django.db import Error as DatabaseError
from django.db import close_old_connections

from actions.signing import reminders
from actions.signing.links import find_asked
from actions.signing.outbox import Outcome, flooded, patience, send_next
from actions.signing.post import Post
from actions.signing.requests import answer_next
from actions.web.mail import compose
from actions.web.reminder_mail import compose as compose_reminder

log = logging.getLogger("actions.send_mail")

CHECK_EVERY = 10.0  # seconds between two looks at the breaker
LOOK_EVERY = 1.0  # seconds between two looks at what signers asked for, while mails are sent


def _send(post: Post) -> Outcome:
    """The next mail of the outbox, or else the next reminder of an opening."""
    return send_next(compose, post.send) or reminders.send_next(compose_reminder, post.send)


class Command(BaseCommand):
    help = (
        "Sends the mails that wait in the outbox, does what signers asked for by a link, and goes on waiting for more. "
        "Several may run at once. Needs the master keys."
    )

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="Do what is due and stop.")
        parser.add_argument("--pause", type=float, default=2.0, help="Seconds to wait when nothing is due.")

    def handle(self, *args, once: bool, pause: float, **options):
        post = Post()
        checked = looked = stopped = 0.0
        failures, quiet_until = 0, 0.0
        while True:
            now = time.monotonic()
            try:
                if now - checked > CHECK_EVERY:
                    checked, stopped = now, flooded()
                worked = False
                may_send = not stopped and now >= quiet_until
                if may_send and (outcome := _send(post)):
                    worked = True
                    failures = failures + 1 if outcome is Outcome.PUT_OFF else 0
                    quiet_until = now + patience(failures)
                if not worked or now - looked > LOOK_EVERY:
                    found = find_asked() > 0 or answer_next()
                    looked = looked if found else now
                    worked = worked or found
            except DatabaseError as error:
                if once:
                    raise
                log.error("the database does not answer: %s", type(error).__name__)
                worked = False
                close_old_connections()  # the database was restarted; the next round connects anew
            if not worked:
                post.close()
                if once:
                    return
                time.sleep(pause)
