import time

from django.core.management.base import BaseCommand

from actions.signing.outbox import send_next
from actions.web.mail import compose


class Command(BaseCommand):
    help = "Sends the mails that wait in the outbox, and goes on waiting for more. Several may run at once."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="Send what is due and stop.")
        parser.add_argument("--pause", type=float, default=2.0, help="Seconds to wait when nothing is due.")

    def handle(self, *args, once: bool, pause: float, **options):
        while True:
            if not send_next(compose):
                if once:
                    return
                time.sleep(pause)
