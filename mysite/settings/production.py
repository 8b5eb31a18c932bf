"""Production: base as it is, and no start without its secrets, or with those of the other surface."""

import secrets

from django.core.exceptions import ImproperlyConfigured

from . import environment
from .base import *

if environment.SURFACE not in ("public", "staff", "all"):
    raise ImproperlyConfigured("Not started: SURFACE must be public, staff or all.")

REQUIRED = {
    "DATABASE_URL": "postgresql://user:password@host/name, PostgreSQL 15 or newer",
    "ALLOWED_HOSTS": "the site's host names, separated by commas",
    "SITE_URL": "the address the site is reached at, such as https://example.org",
    "SIGNER_DIGEST_SECRET": "32 random bytes in base64; it never changes",
}
FOR_STAFF = {
    "SECRET_KEY": "a long random text",
    "SIGNER_MASTER_KEYS": "32 random bytes in base64; several, separated by commas, while rotating",
    "EMAIL_URL": "the mail server, such as smtp+tls://user:password@host:587",
    "MAIL_FROM": "the sender of receipts, such as Name <actions@example.org>",
}

if environment.SURFACE == "public":
    if found := [name for name in environment.NOT_FOR_PUBLIC if getattr(environment, name)]:
        raise ImproperlyConfigured(f"Not started: the public surface must not have {', '.join(found)}.")
    # It signs nothing that anybody brings back; each process makes its own, and forgets it.
    SECRET_KEY = secrets.token_urlsafe(50)
else:
    REQUIRED |= FOR_STAFF
    if environment.EMAIL_BACKEND:
        del REQUIRED["EMAIL_URL"]

if environment.MEMBERS_WEBHOOK and not environment.MEMBERS_WEBHOOK.startswith("https://"):
    raise ImproperlyConfigured("Not started: MEMBERS_WEBHOOK must begin with https://, for it carries addresses.")
if environment.MEMBERS_WEBHOOK:
    REQUIRED |= {"MEMBERS_SECRET": "32 random bytes in base64, known to the membership system too"}

missing = [name for name in REQUIRED if not getattr(environment, name)]
if missing:
    raise ImproperlyConfigured(
        "Not started: these environment variables are missing.\n"
        + "\n".join(f"  {name}: {REQUIRED[name]}" for name in missing)
    )
