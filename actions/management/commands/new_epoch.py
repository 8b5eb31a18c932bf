from django.core.management.base import BaseCommand

from actions.signing import members


class Command(BaseCommand):
    help = (
        "After a restore: makes an end of the cursors the membership system has, and has it told once more of "
        "everybody who still wants to hear from us. `restore` does it; run it where a database came back another way."
    )

    def handle(self, *args, **options):
        begun = members.begin_epoch()
        self.stdout.write(
            "The membership system begins anew." if begun else "Nothing to do: no membership system was ever told."
        )
