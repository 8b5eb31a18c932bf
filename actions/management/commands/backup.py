from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mysite import backup


class Command(BaseCommand):
    help = (
        "Writes a backup of the database, and of the media that lie in a folder, encrypted to the public keys of "
        "BACKUP_RECIPIENTS. Run it with the address of the owner of the tables in DATABASE_URL."
    )

    def add_arguments(self, parser):
        parser.add_argument("--to", type=Path, required=True, help="Folder to write into.")
        parser.add_argument(
            "--keep-days",
            type=int,
            default=30,
            help="Older backups there are deleted, and with them who was forgotten since (30).",
        )

    def handle(self, *args, to: Path, keep_days: int, **options):
        try:
            files = backup.make(to, recipients=settings.BACKUP_RECIPIENTS)
        except backup.BackupFailed as error:
            raise CommandError(str(error)) from error
        for file in files:
            self.stdout.write(f"{file}  {file.stat().st_size} bytes")
        if gone := backup.forget(to, older_than=timedelta(days=keep_days)):
            self.stdout.write(f"{gone} files older than {keep_days} days are deleted.")
