"""Two more languages, as a site would add them: one setting, and one catalogue each.

Arabic runs from right to left and has six plural forms; Northern Sámi is unknown to Django. The catalogues hold what
the tests read, and no more.
"""

from pathlib import Path

import polib

HERE = Path(__file__).parent
CODES = ("ar", "se")


def compile_into(folder: Path) -> Path:
    """The catalogues, compiled below a folder as gettext wants them."""
    for code in CODES:
        target = folder / code / "LC_MESSAGES"
        target.mkdir(parents=True, exist_ok=True)
        catalogue = polib.pofile(str(HERE / code / "LC_MESSAGES" / "django.po"))
        catalogue.save_as_mofile(str(target / "django.mo"))
    return folder
