"""Let an address sign an action again whose owner had said that nobody may."""

from django.core.management.base import BaseCommand, CommandError

from actions.rules.errors import BadAddress
from actions.signing import audit
from actions.signing.addresses import digests_of
from actions.signing.models import Petition, Withdrawal


class Command(BaseCommand):
    """Asks for the address, so that it stands in no list of commands."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("form", type=int, help="number of the signature form")

    def handle(self, *args, form: int, **options):
        petition = Petition.objects.filter(pk=form).first()
        if petition is None:
            raise CommandError("There is no such signature form.")
        try:
            digests = [digest for form, digest in digests_of(input("Address: ")) if form == petition.pk]
        except BadAddress:
            raise CommandError("This is no e-mail address.") from None
        if not Withdrawal.objects.filter(pk__in=digests, never=True).update(never=False):
            raise CommandError("Nobody has said that of this address.")
        audit.record(audit.Verb.CONSENT, by=audit.COMMAND, petition=petition.pk, purpose="may sign again")
        if Withdrawal.objects.filter(pk__in=digests, taken=True).exists():
            self.stdout.write("The address counts already, for somebody who was erased: it cannot count again.")
            return
        self.stdout.write("The address may sign again.")
