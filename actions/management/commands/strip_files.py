from django.core.management.base import BaseCommand
from wagtail.models import Page

from actions.pages.tasks import make_renditions
from home.documents import CustomDocument
from home.taking_over import take_over
from home.visible import for_everybody


class Command(BaseCommand):
    help = (
        "Once after upgrading from a version without it: takes place, camera, author and dates out of the pictures and "
        "documents that are there, and moves them to private storage. Says what it did; may be run again at any time."
    )

    def handle(self, *args, **options):
        number = refused = 0
        for told in take_over():
            number += 1
            if told.refused:
                refused += 1
                self.stderr.write(
                    f"{told.kind} {told.number}: {told.refused}. It is not shown any more; upload it anew."
                )
        CustomDocument.objects.all().settle()
        if number:
            for page in for_everybody(Page.objects.filter(depth__gt=1)):
                make_renditions.enqueue(page.pk)
        self.stdout.write(f"{number - refused} files are stripped and lie in private storage, {refused} were refused.")
