"""Development: what `make run` and `manage.py` use. The keys below are public; they protect nothing."""

from .base import *

DEBUG = True
SECRET_KEY = "development-only"  # noqa: S105
ALLOWED_HOSTS = ["*"]
SITE_URL = WAGTAILADMIN_BASE_URL = f"http://localhost:{environment.PORT}"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, KNOWN_DEVICE_COOKIE_NAME = "session", "csrf", "device"  # over http too
SECURE_HSTS_SECONDS = 0
SECURE_PROXY_SSL_HEADER = None

PAGE_CACHE = False  # what changes is seen at once
# The cache answers 304 in production; programs are tried here too.
MIDDLEWARE.insert(MIDDLEWARE.index("actions.web.page_cache.PageCache"), "actions.web.problems.NotModified")

EMBED_FROM_HERE = ["http://localhost:*", "http://127.0.0.1:*"]

SIGNER_MASTER_KEYS = ["ZGV2ZWxvcG1lbnQtb25seS1kZXZlbG9wbWVudC1vbmw="]
SIGNER_DIGEST_SECRET = "ZGlnZXN0LWRldmVsb3BtZW50LW9ubHktZGlnZXN0LWQ="  # noqa: S105

SECOND_FACTOR_REQUIRED = False  # it can be set up, and is then asked for
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = environment.MAIL_FOLDER or VAR / "mail"
DEFAULT_FROM_EMAIL = "Actions <actions@localhost>"

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
if not environment.MACHINE_TRANSLATOR:  # turns words round, and asks no other host
    WAGTAILLOCALIZE_MACHINE_TRANSLATOR = {"CLASS": "wagtail_localize.machine_translators.dummy.DummyTranslator"}
INTERNAL_IPS = ["127.0.0.1"]
AUTH_PASSWORD_VALIDATORS = []
LOGGING["loggers"]["request"] = {"level": "WARNING"}  # `make run` stays quiet while nothing is wrong
