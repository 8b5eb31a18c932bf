from django.core.management.base import BaseCommand
from django.utils import timezone

from actions.delivery import retention
from actions.signing import audit
from actions.signing.models import Petition, Signer
from actions.signing.retention import spared


class Command(BaseCommand):
    help = "Deletes the signers of every form whose time is over. With --dry-run it only says whose that is."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args, dry_run: bool, **options):
        now = timezone.now()
        for found in retention.terms():
            petition = found.petition
            held = " (legal hold)" if petition.legal_hold else ""
            due = "due" if found.is_due(now) else "not due"
            when = f"{found.at:%Y-%m-%d %H:%M %Z}" if found.at else "no end set"
            number = Signer.objects.filter(signature__petition=petition).count()
            self.stdout.write(f"form {petition.pk}: {when}, {due}{held}, {number} signers{_spared(petition)}")
        if not dry_run:
            for pk, number in retention.forget_due(now, by=audit.COMMAND).items():
                waits = _spared(Petition.objects.get(pk=pk))
                self.stdout.write(
                    f"form {pk}: {number} signers deleted, {f'key kept{waits}' if waits else 'key destroyed'}"
                )


def _spared(petition: Petition) -> str:
    """Who is not deleted when the others are, and why."""
    found = spared(petition)
    if not found.number:
        return ""
    return f", {found.number} wait (use restricted: {found.restricted}, in an open case: {found.in_cases})"
