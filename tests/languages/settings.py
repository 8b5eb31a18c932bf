"""A site with Arabic and Northern Sámi as well: LANGUAGES names them, and their catalogues lie in another folder."""

# ruff: noqa: F403, F405
import os
from pathlib import Path

os.environ["LANGUAGES"] = "nb,nn,en,ar,se"

from mysite.settings.dev import *
from tests.languages import compile_into

LOCALE_PATHS = [*LOCALE_PATHS, compile_into(Path(os.environ.get("MEDIA_ROOT") or VAR) / "more-languages")]
