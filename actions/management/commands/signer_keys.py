from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from actions.signing import audit, keys, retention
from actions.signing.models import Petition


class Command(BaseCommand):
    help = "The keys of signers: status, rotate (wrap all with the first master key), scrub, destroy PETITION."

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("status", help="Which master key opens which form's key. Exits with 1 where none does.")
        verbs.add_parser("rotate", help="Wrap every key with the first of SIGNER_MASTER_KEYS.")
        verbs.add_parser("scrub", help="Leave nothing of destroyed keys in the files of the tables. As their owner.")
        destroy = verbs.add_parser(
            "destroy", help="Nobody can read the form's signers, or test an address, ever again."
        )
        destroy.add_argument("petition", type=int, help="The id of the form.")
        destroy.add_argument("--reason", required=True, help="Kept in the audit trail.")
        destroy.add_argument("--yes", action="store_true", help="Do not ask.")
        destroy.add_argument(
            "--even-so", action="store_true", help="Though a legal hold, a restriction or an open case keeps signers."
        )

    def handle(self, *args, verb: str, **options):
        getattr(self, verb)(options)

    def status(self, options) -> None:
        lost = 0
        for found in keys.status():
            told = f"master key {found.opened_by}" if found.opened_by is not None else "LOST: no master key opens it"
            lost += found.opened_by is None and not found.destroyed
            self.stdout.write(f"form {found.petition.pk}: {'destroyed' if found.destroyed else told}")
        for master in keys.note_masters():
            self.stdout.write(f"master key {master.fingerprint}, since {master.since:%Y-%m-%d}: {_due(master)}")
        if lost:
            raise CommandError(f"{lost} keys cannot be opened by this process.")

    def rotate(self, options) -> None:
        try:
            self.stdout.write(f"{keys.rotate(by=audit.COMMAND)} keys were wrapped with the first master key.")
        except keys.KeyLost:
            raise CommandError("A key is opened by none of SIGNER_MASTER_KEYS; see signer_keys status.") from None

    def scrub(self, options) -> None:
        try:
            keys.scrub()
        except keys.StillRead:
            raise CommandError(
                "Another transaction, a backup perhaps, still sees what was destroyed. Nothing was written anew; try"
                " again when it has ended."
            ) from None
        self.stdout.write("The tables of keys were written anew.")

    def destroy(self, options) -> None:
        petition = Petition.objects.filter(pk=options["petition"]).first()
        if petition is None:
            raise CommandError("There is no such form.")
        kept = retention.spared(petition).number
        if (petition.legal_hold or kept) and not options["even_so"]:
            why = "a legal hold" if petition.legal_hold else f"restrictions or open cases of {kept} signers"
            raise CommandError(f"Nothing was done: {why} asks to keep them. In danger, give --even-so.")
        if not options["yes"]:
            self.stdout.write(f"Form {petition.pk}, “{petition.name}”. Its signers can never be read again.")
            if input("Type its id to go on: ").strip() != str(petition.pk):
                raise CommandError("Nothing was done.")
        keys.destroy(petition, by=audit.COMMAND, purpose=options["reason"])
        self.stdout.write(f"The keys of form {petition.pk} are destroyed. Its total stays.")


def _due(master: keys.MasterStatus) -> str:
    if master.change_by:
        return f"wraps {master.wraps}, to be changed by {master.change_by:%Y-%m-%d}"
    if master.burn_from is None:
        return f"replaced, but still wraps {master.wraps}: run signer_keys rotate; files go by themselves"
    if master.burn_from > timezone.now():
        return f"replaced, opens backups only: to be burnt on {master.burn_from:%Y-%m-%d}"
    return "replaced, opens nothing: BURN IT, and every copy of it"
