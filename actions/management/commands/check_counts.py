from django.core.management.base import BaseCommand, CommandError

from actions.delivery import paper
from actions.signing.counting import check, counts
from actions.signing.models import Petition


class Command(BaseCommand):
    help = (
        "Compares what is shown, the ledger and the rows of every signature form. Exits with 1 where they differ; "
        "with --repair it rebuilds the ledger from the rows and says what it changed."
    )

    def add_arguments(self, parser):
        parser.add_argument("--repair", action="store_true")

    def handle(self, *args, repair: bool, verbosity: int, **options):
        wrong = 0
        for petition in Petition.objects.order_by("pk"):
            wrong += self._paper(petition, repair, verbosity)
            found = check(petition, repair=repair)
            if verbosity > 1 or (verbosity and not found.agree):
                self.stdout.write(
                    f"form {petition.pk}: shown {found.shown}, ledger {found.ledger}, rows {found.rows}, "
                    f"hours that differ {found.hours}"
                )
            if found.agree:
                continue
            if repair:
                now = counts(petition)
                self.stdout.write(f"form {petition.pk}: repaired, shown {found.shown} → {now.shown}")
                wrong += not now.agree
            else:
                wrong += 1
        if wrong:
            raise CommandError(f"{wrong} of the counts are wrong.")
        if verbosity:
            self.stdout.write("All counts agree.")

    def _paper(self, petition: Petition, repair: bool, verbosity: int) -> bool:
        shown, batches = paper.check(petition, repair=repair)
        if shown == batches:
            return False
        if verbosity or repair:
            done = ", repaired" if repair else ""
            self.stdout.write(f"form {petition.pk}: on paper, shown {shown}, batches {batches}{done}")
        return not repair
