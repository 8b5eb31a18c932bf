import time

from django.core.management.base import BaseCommand
from django.db import Error as DatabaseError
from django.db import close_old_connections

from actions.signing import members


class Command(BaseCommand):
    help = (
        "Tells the membership system (MEMBERS_WEBHOOK) what has happened to its contacts, and goes on waiting for "
        "more. A process of its own, so that a system that hangs delays no mail. Several may run; one at a time sends. "
        "Needs the master keys."
    )

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="Send what is due and stop.")
        parser.add_argument("--pause", type=float, default=5.0, help="Seconds to wait when nothing is due.")

    def handle(self, *args, once: bool, pause: float, **options):
        while True:
            try:
                worked = members.send_next()
            except DatabaseError:
                if once:
                    raise
                worked = False
                close_old_connections()
            if not worked:
                if once:
                    return
                time.sleep(pause)
