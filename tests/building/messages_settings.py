"""Collects texts into another folder than the project's own; only for the test of the catalogues."""

import os
from pathlib import Path

from mysite.settings.test import *

LOCALE_PATHS = [Path(os.environ["MESSAGES_FOLDER"]) / "locale"]
