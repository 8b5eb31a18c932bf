from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from actions.management.files import require_readable
from actions.signing.roles import PUBLIC, STAFF, make_missing
from mysite import backup


class Command(BaseCommand):
    help = (
        "Fills an empty database from a backup and makes it ready to be opened: tables of this version, roles and "
        "their rights, who must stay erased (ERASED_LOG), counts. Run it with the address of the owner in DATABASE_URL."
    )
    requires_system_checks = []  # some ask a database that is still empty

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="The backup, whose name ends with .database.age.")
        parser.add_argument("--identity", type=Path, required=True, help="File with the private key.")

    def handle(self, *args, file: Path, identity: Path, **options):
        require_readable(file, identity)
        if not backup.is_empty():
            raise CommandError("The database is not empty. Nothing was changed; make a new one and name it.")
        make_missing(PUBLIC, STAFF)  # policies of the backup name them
        try:
            with_media = backup.restore(file, identity=identity.read_text())
        except backup.BackupFailed as error:
            raise CommandError(str(error)) from error
        self.stdout.write("The database is filled" + (", and the folder of media." if with_media else "."))
        call_command("migrate", verbosity=0, interactive=False)
        call_command("database_roles", stdout=self.stdout)
        self._bury_again()
        call_command("new_epoch", stdout=self.stdout)
        call_command("check_counts", stdout=self.stdout)
        if settings.SIGNER_MASTER_KEYS:
            call_command("signer_keys", "status", stdout=self.stdout)
        self.stdout.write("Ready. Give the two roles their passwords, then start the processes.")

    def _bury_again(self) -> None:
        log = Path(settings.ERASED_LOG) if settings.ERASED_LOG else None
        if log and log.is_file():
            call_command("bury_again", str(log), stdout=self.stdout)
        else:
            self.stderr.write(
                "Nobody was erased once more: ERASED_LOG names no file. Find it, run `manage.py bury_again FILE`, and "
                "open the site only then."
            )
