from pathlib import Path

from django.core.management.base import BaseCommand

from actions.management.files import require_readable
from actions.signing import audit, reminders
from actions.signing.restoring import bury_again
from actions.web.erased_log import read


class Command(BaseCommand):
    help = (
        "After a restore: erases once more who was erased since the backup, ends consents that were ended, restricts "
        "who was restricted, and marks names that were corrected, from the file of ERASED_LOG."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *args, file: Path, **options):
        require_readable(file)
        again = bury_again(read(file), by=audit.COMMAND)
        forgotten = reminders.forget_all()
        self.stdout.write(
            f"{again.erased} persons were erased again, {again.waiting} wait again for the end of a legal hold, "
            f"{again.ended} consents were ended again, and "
            f"{again.old_names} names are to be corrected again: they are shown and handed over nowhere until then. "
            f"The use of {again.restricted} persons' data is restricted again. "
            f"{forgotten} reminders of openings were forgotten: who has said no since the backup is not known."
        )
