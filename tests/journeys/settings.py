"""The browser's site: development's addresses (mailbox, media), served as production serves them."""

from mysite.settings.dev import *

# The site is a copy of one that stands still, made under production's settings (bench/site.py): with its keys.
SIGNER_MASTER_KEYS = environment.SIGNER_MASTER_KEYS
SIGNER_DIGEST_SECRET = environment.SIGNER_DIGEST_SECRET
WHITENOISE_AUTOREFRESH = False  # no file is looked for anew
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # some forty log-ins, none of them about this
