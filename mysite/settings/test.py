"""Tests: production's rules on a local PostgreSQL, with mail in memory and tasks that only queue up."""

from .base import *

SECRET_KEY = "tests-only"  # noqa: S105
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
SITE_URL = WAGTAILADMIN_BASE_URL = "http://testserver"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, KNOWN_DEVICE_COOKIE_NAME = "session", "csrf", "device"  # over http too
SECURE_HSTS_SECONDS = 0

PAGE_CACHE = False  # tests of it turn it on

SIGNER_MASTER_KEYS = ["dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk="]
SIGNER_DIGEST_SECRET = "ZGlnZXN0LXRlc3RzLW9ubHktZGlnZXN0LXRlc3RzLW8="  # noqa: S105

SECOND_FACTOR_REQUIRED = False  # tests of the second factor turn it on
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEFAULT_FROM_EMAIL = "Actions <actions@testserver>"
WAGTAILLOCALIZE_MACHINE_TRANSLATOR = {"CLASS": "wagtail_localize.machine_translators.dummy.DummyTranslator"}
MEDIA_ROOT, PRIVATE_MEDIA_ROOT = VAR / "test-media", VAR / "test-private-media"
STATIC_ROOT = BASE_DIR / "static"  # nothing is collected
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES["throttle"]["BACKEND"] = "mysite.cache.ProcessCache"
LOGGING = {"version": 1, "disable_existing_loggers": False, "root": {"level": "WARNING"}}
