from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from actions.pages.processing import markdown, record


class Command(BaseCommand):
    help = (
        "Prints the record of processing (art. 30) as Markdown: controllers, actions, processors, recipients and "
        "transfers, terms, as this site is set. Nobody's data are in it."
    )

    def add_arguments(self, parser):
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, help="Such as nb, nn or en.")

    def handle(self, *args, language: str, **options):
        with translation.override(language):
            self.stdout.write(markdown(record()), ending="")
