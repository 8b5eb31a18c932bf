from pathlib import Path

from django.core.management.base import BaseCommand

from actions.management.files import require_readable
from actions.signing import audit
from actions.signing.erase import bury_again
from actions.web.erased_log import read


class Command(BaseCommand):
    help = "After a restore: erases once more who was erased since the backup, from the file of ERASED_LOG."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *args, file: Path, **options):
        require_readable(file)
        self.stdout.write(f"{bury_again(stones=read(file), by=audit.COMMAND)} persons were erased again.")
