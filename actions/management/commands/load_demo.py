from django.core.management.base import BaseCommand

from actions.demo import build


class Command(BaseCommand):
    help = "Fills an empty site with demo content in all languages. A site that has a home page is left as it is."

    def handle(self, *args, **options):
        if build.is_loaded():
            self.stdout.write("There is content already; nothing was changed.")
            return
        build.load()
        self.stdout.write("The demo content is loaded.")
