"""The one place that reads the process environment; the settings modules take their values from here.

Each name can be given with _FILE behind it: then the value stands in that file, as compose and systemd hand out keys.
"""

import json

import environ
from environ.fileaware_mapping import FileAwareMapping


class _Stripped(FileAwareMapping):
    """Without the line end that a file has."""

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name).strip()


env = environ.Env()
env.ENVIRON = _Stripped()


def _json(name: str) -> dict:
    return json.loads(env.str(name, default="") or "{}")


LANGUAGES: list[str] = env.list("LANGUAGES", default=["nb", "nn", "en"])  # the first is written first
COUNTRY: str = env.str("COUNTRY", default="NO")  # the organisation's, first where signers choose theirs (ISO 3166)
SURFACE: str = env.str("SURFACE", default="all")  # public, staff, or all in one process
# What this process does (SECRETS below). Nothing: the public surface, or anything that staff's processes do.
PROCESS: str = env.str("PROCESS", default="") or ("public" if SURFACE == "public" else "")
DATABASE_URL: str = env.str("DATABASE_URL", default="")
DATABASE_POOL: int = env.int("DATABASE_POOL", default=0)  # connections of one process; 0: one for each thread
POOL_WAIT = 0.5  # seconds a request waits for one of them
# A host that vanishes without a word is given up: while connecting (s), while something is on the way (ms), while an
# answer is awaited (s idle, s between questions, how many).
VANISHED = {
    "connect_timeout": 5, "tcp_user_timeout": 5000,
    "keepalives_idle": 10, "keepalives_interval": 2, "keepalives_count": 3,
}  # fmt: skip
POOLER: bool = env.bool("POOLER", default=False)  # DATABASE_URL leads to PgBouncer, which pools transactions
REPLICA_URL: str = env.str("REPLICA_URL", default="")  # a streaming replica, for staff's long reads
SECRET_KEY: str = env.str("SECRET_KEY", default="")  # staff's; the public surface has none
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])  # those before it, while it is changed
SIGNER_MASTER_KEYS: list[str] = env.list("SIGNER_MASTER_KEYS", default=[])
SIGNER_DIGEST_SECRET: str = env.str("SIGNER_DIGEST_SECRET", default="")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
SITE_URL: str = env.str("SITE_URL", default="").rstrip("/")  # where visitors come; the links in signers' mails
# Where staff come, and what the links in their mails begin with. One process for all has one address for all.
STAFF_URL: str = env.str("STAFF_URL", default="").rstrip("/")
EMAIL_URL: str = env.str("EMAIL_URL", default="")
MAIL_FROM: str = env.str("MAIL_FROM", default="")
MAIL_FROM_NEUTRAL: str = env.str("MAIL_FROM_NEUTRAL", default="")
MAIL_FOLDER: str = env.str("MAIL_FOLDER", default="")  # development: where mails land
BOUNCE_ADDRESS: str = env.str("BOUNCE_ADDRESS", default="")
EMAIL_BACKEND: str = env.str(
    "EMAIL_BACKEND", default=""
)  # a provider's, such as anymail.backends.postmark.EmailBackend
ANYMAIL: dict = _json("ANYMAIL")
MACHINE_TRANSLATOR: dict = _json("MACHINE_TRANSLATOR")
# Proxies in front. Staff are reached another way than visitors, by a tunnel with no proxy in it unless it is said.
TRUSTED_PROXIES: int = env.int("TRUSTED_PROXIES", default=0)
STAFF_TRUSTED_PROXIES: int = env.int("STAFF_TRUSTED_PROXIES", default=0)
if SURFACE == "staff":
    TRUSTED_PROXIES = STAFF_TRUSTED_PROXIES
MEMBERS_WEBHOOK: str = env.str("MEMBERS_WEBHOOK", default="")
MEMBERS_SECRET: list[str] = env.list("MEMBERS_SECRET", default=[])  # several while one takes the place of another
MEMBERS_TOKEN: list[str] = env.list("MEMBERS_TOKEN", default=[])
ERASED_LOG: str = env.str("ERASED_LOG", default="")
BACKUP_RECIPIENTS: list[str] = env.list("BACKUP_RECIPIENTS", default=[])  # public keys (age1…)
FRONTEND_CACHE: dict = _json("FRONTEND_CACHE")
SECURITY_CONTACT: str = env.str("SECURITY_CONTACT", default="")
METRICS_FOLDER: str = env.str("PROMETHEUS_MULTIPROC_DIR", default="")  # the name prometheus-client reads too
CACHE_URL: str = env.str("CACHE_URL", default="")  # of this surface alone
PUBLIC_CACHE_URL: str = env.str("PUBLIC_CACHE_URL", default="")  # staff: where the public surface is told of changes
# Where files for visitors lie, and where what staff upload lies, each as Django's STORAGES describes it, or a folder.
MEDIA_STORAGE: dict = _json("MEDIA_STORAGE")
MEDIA_ROOT: str = env.str("MEDIA_ROOT", default="")
PRIVATE_MEDIA_STORAGE: dict = _json("PRIVATE_MEDIA_STORAGE")
PRIVATE_MEDIA_ROOT: str = env.str("PRIVATE_MEDIA_ROOT", default="")
STATIC_ROOT: str = env.str("STATIC_ROOT", default="")
PORT: int = env.int("PORT", default=8000)

# What opens something, and which processes have a use for it. deploy/ hands it to no other, and a process that finds
# what is not its own does not start: whoever breaks into one finds there what that one needs. `command` is manage.py by
# hand; `metrics` and `backup` open nothing.
PROCESSES = ("public", "staff", "mail", "members", "housekeeping", "tasks", "metrics", "backup", "command")
_WORK = ("mail", "housekeeping", "tasks", "command")
SECRETS: dict[str, tuple[str, ...]] = {
    "SECRET_KEY": ("staff", "tasks", "command"),  # sessions, second factors, links that set a password
    "SECRET_KEY_FALLBACKS": ("staff", "tasks", "command"),
    "SIGNER_MASTER_KEYS": ("staff", "members", *_WORK),
    "SIGNER_DIGEST_SECRET": ("public", "staff", "members", *_WORK),
    "EMAIL_URL": ("staff", *_WORK),
    "ANYMAIL": ("staff", *_WORK),
    "CACHE_URL": ("public", "staff", *_WORK),
    "PUBLIC_CACHE_URL": ("staff", *_WORK),
    "REPLICA_URL": ("staff", "tasks"),
    "MEDIA_STORAGE": ("public", "staff", *_WORK),  # the public surface: a credential of its own, that only reads
    "PRIVATE_MEDIA_STORAGE": ("staff", "housekeeping", "tasks", "command"),
    "MEMBERS_SECRET": ("members",),
    "MEMBERS_TOKEN": ("staff", "housekeeping"),  # who asks with it; whether there is anybody to be told
    "MACHINE_TRANSLATOR": ("staff",),
    "FRONTEND_CACHE": ("staff", "housekeeping", "tasks", "command"),
}
NOT_FOR_PUBLIC = tuple(name for name, processes in SECRETS.items() if "public" not in processes)


def database(url: str) -> dict:
    """Django's description of the database behind `url`; raises ValueError where it is no PostgreSQL address."""
    if not url.startswith(("postgres://", "postgresql://")):
        raise ValueError(
            "DATABASE_URL must begin with postgresql:// – for example postgresql://user:password@host/name"
        )
    found = env.db_url_config(url) | {"ENGINE": "mysite.engine", "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    found["OPTIONS"] = VANISHED | found.get("OPTIONS", {})
    if POOLER:
        found["DISABLE_SERVER_SIDE_CURSORS"] = True  # a cursor would stay behind at another connection
    if DATABASE_POOL:
        pool = {"min_size": 1, "max_size": DATABASE_POOL, "timeout": POOL_WAIT}
        # The pool hands out what is alive (mysite/engine), and asks no query for it.
        found |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False, "OPTIONS": found["OPTIONS"] | {"pool": pool}}
    return found


def replica(url: str) -> dict:
    """The same of the replica. One that does not answer is given up sooner: the database answers instead."""
    found = database(url)
    found["OPTIONS"] |= {"connect_timeout": 2, "tcp_user_timeout": 2000, "keepalives_idle": 2, "keepalives_interval": 1}
    return found


def mail(url: str) -> dict:
    return env.email_url_config(url)


def cache(url: str) -> dict:
    """Django's description of the cache behind `url`; Redis and Valkey may go without the site going too."""
    found = env.cache_url_config(url)
    return found | {"BACKEND": "mysite.cache.SharedCache"} if url.startswith(("redis", "valkey")) else found
