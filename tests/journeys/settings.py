"""The browser's site: production's static files and templates, with what development loosens."""

import os

from mysite.settings.dev import *

DEBUG = False
ROOT_URLCONF = "tests.journeys.urls"
# The site is a copy of one that was made under production's settings (bench/site.py): with its keys and files.
SIGNER_MASTER_KEYS = environment.SIGNER_MASTER_KEYS
SIGNER_DIGEST_SECRET = environment.SIGNER_DIGEST_SECRET
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # no journey is about this
SECOND_FACTOR_REQUIRED = os.environ.get("SECOND_FACTOR_REQUIRED") == "yes"  # tests/journeys/test_first_log_in.py
