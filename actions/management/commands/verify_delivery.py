from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from actions.delivery.verify import BadPackage, verify
from actions.management.files import require_readable


class Command(BaseCommand):
    help = (
        "Proves that the package of a delivery is the one that was counted: its files, its manifest, and the frozen "
        "set. Says what was looked at, and exits with 1 where anything is not as it should be."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="The zipped package.")

    def handle(self, *args, file: Path, **options):
        require_readable(file)
        wrong = 0
        try:
            with file.open("rb") as opened:
                for check in verify(opened):
                    self.stdout.write(f"{'right' if check.right else 'WRONG'}  {check.what}")
                    wrong += not check.right
        except BadPackage as error:
            raise CommandError(f"This is no package of a delivery: {error}.") from error
        if wrong:
            raise CommandError(f"{wrong} things are wrong.")
        self.stdout.write("The package is the one that was counted.")
