import sys

from django.core.management.base import BaseCommand

from actions.web.bounces import mail_says

LONGEST = 200_000  # bytes looked at; the report stands before the mail that it is about


class Command(BaseCommand):
    help = (
        "Takes a returned mail, or a complaint, from standard input, as a mail server pipes it for the addresses "
        "NAME+ID@HOST. Only a report that a delivery failed for good, or that a reader complains, is noted."
    )

    def handle(self, *args, **options):
        known = mail_says(sys.stdin.buffer.read(LONGEST))
        self.stdout.write("Noted." if known else "Nothing to note: no report of ours, or known already.")
