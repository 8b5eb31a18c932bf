from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.template.loader import render_to_string
from django.utils.translation import override


class Command(BaseCommand):
    help = (
        "Writes the page that says “come back in a moment” in every language into the static files, for the proxy to "
        "show when the site is full or away, and the one for a file that is not there. Run it after collectstatic."
    )

    def handle(self, *args, **options):
        folder = Path(settings.STATIC_ROOT) / "busy"
        folder.mkdir(parents=True, exist_ok=True)
        for code, _name in settings.LANGUAGES:
            with override(code):
                (folder / f"{code}.html").write_text(render_to_string("503.html"))
        # Where an address names no language.
        (folder / "other.html").write_text((folder / f"{settings.LANGUAGE_CODE}.html").read_text())
        with override(settings.LANGUAGE_CODE):
            (folder / "no-file.html").write_text(render_to_string("no_file.html"))
        self.stdout.write(f"Wrote {len(settings.LANGUAGES)} pages into {folder}.")
