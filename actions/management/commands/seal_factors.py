from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError

from actions.backoffice.second_factor import seal_anew


class Command(BaseCommand):
    help = (
        "Encrypts every second factor of staff with the SECRET_KEY of now. Run it when the key was changed, with the "
        "one before it in SECRET_KEY_FALLBACKS; afterwards that one may go."
    )

    def handle(self, *args, **options):
        try:
            self.stdout.write(f"{seal_anew()} second factors are encrypted with the SECRET_KEY of now.")
        except InvalidToken:
            raise CommandError(
                "A second factor is opened by neither SECRET_KEY nor SECRET_KEY_FALLBACKS; nothing was changed."
            ) from None
