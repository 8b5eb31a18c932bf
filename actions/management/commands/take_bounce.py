import sys

from django.core.management.base import BaseCommand

from actions.web.bounces import mail_says

LONGEST = 200_000  # bytes looked at; the headers stand first


class Command(BaseCommand):
    help = "Takes a returned mail from standard input, as a mail server pipes it for the addresses NAME+ID@HOST."

    def handle(self, *args, **options):
        known = mail_says(sys.stdin.buffer.read(LONGEST))
        self.stdout.write("Noted." if known else "Not one of ours, or known already.")
