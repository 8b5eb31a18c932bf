"""Production: base as it is, and no start without its secrets, or with those of another process."""

import secrets
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from . import environment
from .base import *

if environment.SURFACE not in ("public", "staff", "all"):
    raise ImproperlyConfigured("Not started: SURFACE must be public, staff or all.")
if environment.PROCESS not in ("", *environment.PROCESSES):
    raise ImproperlyConfigured(f"Not started: PROCESS must be one of {', '.join(environment.PROCESSES)}, or empty.")


def may_have(name: str) -> bool:
    """Whether this process has a use for a setting; one that is not told what it does may be any but the public one."""
    for_public = environment.SURFACE != "public" or name not in environment.NOT_FOR_PUBLIC
    return for_public and environment.PROCESS in ("", *environment.SECRETS.get(name, environment.PROCESSES))


REQUIRED = {
    "DATABASE_URL": "postgresql://user:password@host/name, PostgreSQL 15 or newer",
    "ALLOWED_HOSTS": "the site's host names, separated by commas",
    "SITE_URL": "the address the site is reached at, such as https://example.org",
    "SIGNER_DIGEST_SECRET": "32 random bytes in base64; it never changes",
    "SECRET_KEY": "a long random text",
    "SIGNER_MASTER_KEYS": "32 random bytes in base64; several, separated by commas, while rotating",
    "EMAIL_URL": "the mail server, such as smtp+tls://user:password@host:587",
}
if environment.SURFACE == "staff":
    REQUIRED["STAFF_URL"] = "the address staff come to: https://staff.example.org, or http://localhost:8100 by a tunnel"
if may_have("EMAIL_URL"):
    REQUIRED["MAIL_FROM"] = "the sender of receipts, such as Name <actions@example.org>"
if environment.EMAIL_BACKEND:
    del REQUIRED["EMAIL_URL"]

if found := [name for name in environment.SECRETS if getattr(environment, name) and not may_have(name)]:
    which = f"the process “{environment.PROCESS}”" if environment.PROCESS != "public" else "the public surface"
    raise ImproperlyConfigured(f"Not started: {which} must not have {', '.join(found)}.")
if not may_have("SECRET_KEY"):
    # It signs nothing that anybody brings back; each process makes its own, and forgets it.
    SECRET_KEY = secrets.token_urlsafe(50)

if environment.MEMBERS_WEBHOOK and not environment.MEMBERS_WEBHOOK.startswith("https://"):
    raise ImproperlyConfigured("Not started: MEMBERS_WEBHOOK must begin with https://, for it carries addresses.")
if environment.MEMBERS_WEBHOOK:
    REQUIRED |= {"MEMBERS_SECRET": "32 random bytes in base64, known to the membership system too"}

missing = [name for name in REQUIRED if may_have(name) and not getattr(environment, name)]
if missing:
    raise ImproperlyConfigured(
        "Not started: these environment variables are missing.\n"
        + "\n".join(f"  {name}: {REQUIRED[name]}" for name in missing)
    )

if environment.SURFACE == "staff":
    _staff = urlsplit(environment.STAFF_URL)
    # What is sent to one's own machine goes over no network: the tunnel is encrypted, and browsers take cookies that
    # are for https alone from there too.
    _is_tunnel = _staff.scheme == "http" and f".{_staff.hostname}".endswith(".localhost")
    if not (_staff.hostname and (_staff.scheme == "https" or _is_tunnel)) or _staff.path:
        raise ImproperlyConfigured(
            "Not started: STAFF_URL must be https://NAME, or http://localhost:PORT where a tunnel ends."
        )
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, _staff.hostname]
    if _is_tunnel:
        SECURE_SSL_REDIRECT, SECURE_HSTS_SECONDS = False, 0
        SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "security.W004", "security.W008"]
