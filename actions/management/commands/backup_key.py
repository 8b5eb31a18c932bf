from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from mysite import backup


class Command(BaseCommand):
    help = (
        "Makes the two halves of a key for backups: the private one is written into a new file, which belongs on no "
        "server of the site; the public one is printed, for BACKUP_RECIPIENTS."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *args, file: Path, **options):
        try:
            self.stdout.write(backup.new_key(file))
        except FileExistsError as error:
            raise CommandError(f"{file} is there already; a key is never written over.") from error
        except (backup.BackupFailed, OSError) as error:
            raise CommandError(f"No key was made. {getattr(error, 'strerror', None) or error}") from error
