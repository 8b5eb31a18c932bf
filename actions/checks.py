"""`check --deploy`: our own rules. What could lose or show a signature is an error; what only weakens is a warning."""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.cache import caches
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import DatabaseError, connection
from django.utils import timezone

from actions.signing import roles
from actions.signing.clock import database_now
from actions.signing.keys import decode
from actions.signing.models import Petition
from actions.signing.own_keys import digest_secret_is_own, master_keys_are_own
from mysite.cache import NO_ANSWER, TOLD_CHECKED

# Without any of these a crash can lose what a visitor was thanked for.
# https://www.postgresql.org/docs/current/runtime-config-wal.html
DURABLE = {
    "fsync": {"on"},
    "full_page_writes": {"on"},
    "synchronous_commit": {"on", "remote_apply", "remote_write", "local"},
}
OWNERS = ("command", "backup")  # processes that must be the owner of the tables
CLOCKS_APART = timedelta(seconds=2)
SIGNERS = ("actions_signer", "actions_petitionsecret", "actions_outboxmail", "actions_signature")
# What `database_roles` takes from the public process's role, as far as who runs it may.
NOT_FOR_THE_PUBLIC = {
    "make temporary tables": "has_database_privilege(current_database(), 'temporary')",
    "make tables": "has_schema_privilege('public', 'create')",
    "store large objects": "has_function_privilege('lo_creat(integer)', 'execute')",
    "hold locks that workers wait for": "has_function_privilege('pg_advisory_lock(bigint)', 'execute')",
    "watch what the server writes": "has_table_privilege('pg_catalog.pg_stat_all_tables', 'select')",
    "read pages that are not published": "not exists (select from pg_class where oid = 'wagtailcore_page'::regclass "
    "and relrowsecurity)",
    "read salts": "has_column_privilege('actions_petition', 'digest_salt', 'select')",
}


@register(Tags.security, deploy=True)
def database_is_durable(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Errors actions.E001 for settings that lose signatures, E002 where the database cannot be asked."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select name, setting from pg_settings where name = any(%s)", [list(DURABLE)])
            found = dict(cursor.fetchall())
    except DatabaseError:
        return [Error("The database does not answer, so nobody can say whether it is durable.", id="actions.E002")]
    return [
        Error(
            f"PostgreSQL's {name} is {found.get(name)}: a crash could lose acknowledged signatures.",
            hint=f"Set {name} to on, for the server and for the role this process uses.",
            id="actions.E001",
        )
        for name, allowed in DURABLE.items()
        if found.get(name) not in allowed
    ]


@register(Tags.security, deploy=True)
def files_lie_apart(app_configs: Any, **kwargs: Any) -> list[Error]:
    """E029 where what staff upload lies below what the proxy serves, or the public process can read it."""
    private, public = Path(settings.PRIVATE_MEDIA_ROOT).resolve(), Path(settings.MEDIA_ROOT).resolve()
    if settings.STORAGES["default"]["BACKEND"] != "home.storages.PrivateFolder":
        return []
    found = []
    if private == public or public in private.parents:
        found.append("What staff upload lies below MEDIA_ROOT, which the proxy serves.")
    if settings.SURFACE == "public" and os.access(private, os.R_OK):
        found.append("The public process could read what staff upload.")
    hint = "Give PRIVATE_MEDIA_ROOT a folder of its own that only staff's processes can read."
    return [Error(text, hint=hint, id="actions.E029") for text in found]


@register(Tags.security, deploy=True)
def visitors_files_are_only_read(app_configs: Any, **kwargs: Any) -> list[Error]:
    """E030 where the public process could put other pictures and documents in the place of those that visitors get."""
    if settings.SURFACE != "public" or not _writes(storages["public"]):
        return []
    return [
        Error(
            "The public process could change the pictures and documents that visitors get.",
            hint="A folder, or a key of the object storage (media_storage_public), that it may only read.",
            id="actions.E030",
        )
    ]


def _writes(storage: Storage) -> bool:
    """Whether this process may write there: as the folder says, or tried, and taken back."""
    if isinstance(storage, FileSystemStorage):
        return os.access(storage.location, os.W_OK)
    try:
        name = storage.save(f"documents/check-{uuid4()}", ContentFile(b"may this process write here?"))
    except Exception:  # each kind of storage refuses in its own way
        return False
    with suppress(Exception):
        storage.delete(name)
    return True


@register(Tags.security, deploy=True)
def mails_of_codes_tell_nothing(app_configs: Any, **kwargs: Any) -> list[Warning]:
    """W010 where mails of an action in high-risk mode come from an address that names the organisation."""
    if settings.SURFACE == "public" or settings.MAIL_FROM_NEUTRAL:
        return []
    try:
        dangerous = Petition.objects.filter(high_risk=True, forgotten_at=None).exists()
    except DatabaseError:
        return []  # E002 says so, or nothing is migrated yet
    if not dangerous:
        return []
    return [
        Warning(
            "A signature form is in high-risk mode and MAIL_FROM_NEUTRAL is not set: its mails come from the address "
            "of MAIL_FROM, which tells whoever reads a mailbox whom its owner has signed for.",
            hint="MAIL_FROM_NEUTRAL=codes@… of a domain that does not tell whose it is.",
            id="actions.W010",
        )
    ]


@register(Tags.security, deploy=True)
def role_is_its_surfaces_own(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E003 where the public process could read signers, E006 where an attacker in a function would be a superuser, W001
    where staff could rewrite the audit trail, W002 where what goes over the network is not encrypted, W003 where the
    clocks are apart, W007 where the public process may do what it need not, W008 where a role changed its
    settings, W011 where anybody could answer in the place of the database."""
    try:
        return list(_of_the_connection())
    except DatabaseError:
        return []  # E002 says so


def _of_the_connection() -> Iterator[CheckMessage]:
    if settings.SURFACE == "public" and (readable := [name for name in SIGNERS if _may(name, "select")]):
        yield Error(
            f"The public process could read {', '.join(readable)}.",
            hint="Let it use the role actions_public, and run manage.py database_roles.",
            id="actions.E003",
        )
    if settings.SURFACE == "public" and (more := [what for what, test in NOT_FOR_THE_PUBLIC.items() if _is(test)]):
        yield Warning(
            f"The public process could {', '.join(more)}.",
            hint="Run manage.py database_roles as a superuser of the database.",
            id="actions.W007",
        )
    if owners := _owners_of_functions():
        yield Error(
            f"Functions that run with the rights of their owner belong to {', '.join(owners)}, a superuser or somebody "
            "who can log in.",
            hint="Run manage.py database_roles after migrate: it gives them to actions_owner.",
            id="actions.E006",
        )
    if changed := roles.changed():
        yield Warning(
            f"{', '.join(changed)} has other settings than it was given, or none.",
            hint="Find out who changed them, then run manage.py database_roles.",
            id="actions.W008",
        )
    if (
        settings.SURFACE != "public"
        and settings.PROCESS not in OWNERS
        and _may("actions_auditrecord", "update, delete")
    ):
        yield Warning(
            "This role could rewrite the audit trail.",
            hint="Only migrate, backup and database_roles need the owner; everything else takes actions_staff.",
            id="actions.W001",
        )
    if (is_far := _is_far()) and not _is_encrypted():
        yield Warning(
            "What goes to the database goes over the network as it is.",
            hint="sslmode=verify-full in DATABASE_URL, unless the network is yours alone.",
            id="actions.W002",
        )
    elif is_far and not str(sslmode := connection.get_connection_params().get("sslmode")).startswith("verify-"):
        yield Warning(
            f"Nobody looks whether it is the database that answers (sslmode is {sslmode or 'prefer'}): who stands "
            "between could read and change what goes there.",
            hint="sslmode=verify-full and sslrootcert=… in DATABASE_URL, unless the network is yours alone.",
            id="actions.W011",
        )
    if abs(timezone.now() - database_now()) > CLOCKS_APART:
        yield Warning(
            "The clocks of this host and of the database are apart. The database's decides.",
            hint="Let both follow a time server.",
            id="actions.W003",
        )


def _is_far() -> bool:
    return _is(
        "inet_server_addr() is not null and not inet_server_addr() <<= '127.0.0.0/8' and inet_server_addr() <> '::1'"
    )


def _is_encrypted() -> bool:
    return connection.connection.pgconn.ssl_in_use


def _is(test: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"select {test}")  # one of those above
        return cursor.fetchone()[0]


def _owners_of_functions() -> list[str]:
    """Owners of our functions that run with their owner's rights, where it could be more than what they need."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct rolname from pg_proc join pg_roles r on r.oid = proowner "
            "where pronamespace = 'public'::regnamespace and prosecdef and (rolsuper or rolcanlogin) order by 1"
        )
        return [name for (name,) in cursor.fetchall()]


def _may(table: str, privilege: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select has_table_privilege(%s, %s)", [table, privilege])
        return cursor.fetchone()[0]


@register(Tags.security, deploy=True)
def settings_are_for_production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E004 for keys that are none or are known to everybody, E005 for host names, address and second factor, E031 for
    the address of staff, W004 to
    W006 for proxies, the shared cache and the log of who was erased."""
    return [*_keys(), *_addresses(), *_parts()]


def _keys() -> Iterator[Error]:
    named = [("SIGNER_DIGEST_SECRET", settings.SIGNER_DIGEST_SECRET)]
    named += [("SIGNER_MASTER_KEYS", key) for key in settings.SIGNER_MASTER_KEYS]
    for name, key in named:
        if wrong := _wrong_with(key):
            yield Error(f"{name} {wrong}.", hint="openssl rand -base64 32", id="actions.E004")
    if settings.SIGNER_DIGEST_SECRET in settings.SIGNER_MASTER_KEYS:
        yield Error("A master key is the digest secret too: the public process must not have it.", id="actions.E004")


def _wrong_with(key: str) -> str:
    try:
        raw = decode(key)
    except ImproperlyConfigured:
        return "is not 32 bytes in base64"
    # As that of development is; 32 random bytes are letters once in 10^14.
    return "is a text, and not random" if raw.isascii() and raw.decode().isprintable() else ""


def _addresses() -> Iterator[Error]:
    if "*" in settings.ALLOWED_HOSTS:
        yield Error(
            "ALLOWED_HOSTS allows any name, and links in mails could lead anywhere.",
            hint="Name the site's own host names.",
            id="actions.E005",
        )
    if not settings.SITE_URL.startswith("https://"):
        yield Error("SITE_URL does not begin with https://; links in mails would.", id="actions.E005")
    if (
        settings.SURFACE == "staff"
        and urlsplit(settings.WAGTAILADMIN_BASE_URL).netloc == urlsplit(settings.SITE_URL).netloc
    ):
        yield Error(
            "STAFF_URL is where visitors come: links mailed to staff would lead to the public surface.",
            hint="The name of a proxy inside the VPN (https://…), or the end of a tunnel (http://localhost:8100).",
            id="actions.E031",
        )
    if settings.SURFACE != "public" and not settings.SECOND_FACTOR_REQUIRED:
        yield Error("Staff may log in with a password alone.", id="actions.E005")


def _parts() -> Iterator[Warning]:
    if settings.SURFACE != "staff" and not settings.TRUSTED_PROXIES:
        yield Warning(
            "TRUSTED_PROXIES is 0: behind a proxy all visitors look like one network, and its limit holds them all.",
            hint="How many proxies append to X-Forwarded-For.",
            id="actions.W004",
        )
    if settings.SURFACE != "staff" and settings.CACHES["default"]["BACKEND"] == "mysite.cache.ProcessCache":
        yield Warning(
            "Each process counts networks for itself: with several, limits are several times as wide.",
            hint="CACHE_URL=redis://…",
            id="actions.W005",
        )
    if settings.SURFACE != "public" and not settings.ERASED_LOG:
        yield Warning(
            "ERASED_LOG names no file: whoever was erased would come back with an older backup.",
            id="actions.W006",
        )


OF_OTHERS = ("told:generation", "staff:checked")  # keys of a cache that the public surface must not write


@register(Tags.security, deploy=True)
def surfaces_are_apart(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E008 where the public process shares its user with one that has keys, E007 where it may write what staff read, or
    staff would read what it writes, W009 where staff's changes are not told to it."""
    return list({"public": _of_public, "staff": _of_staff}.get(settings.SURFACE, lambda: iter(()))())


def _of_public() -> Iterator[CheckMessage]:
    if os.getuid() == 0:
        yield Error(
            "The public process runs as root: it could read every key on this host.",
            hint="A user of its own, as in deploy/systemd.",
            id="actions.E008",
        )
    elif with_keys := [str(pid) for pid in _with_keys(os.getuid())]:
        yield Error(
            f"The public process could read the keys of process {', '.join(with_keys)}: they have one user.",
            hint="A user for each surface, as in deploy/systemd.",
            id="actions.E008",
        )
    may_write = getattr(caches["default"], "may_write", lambda key: False)
    if writable := [key for key in OF_OTHERS if may_write(key)]:
        yield Error(
            f"The public process may write {', '.join(writable)} in the cache, which is staff's.",
            hint="Users of the cache as in deploy/cache-public.acl.",
            id="actions.E007",
        )


def _with_keys(user: int) -> Iterator[int]:
    """Processes of a user that were started with a master key, or with the name of a file of it."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # gone meanwhile, or closed to us
            if folder.stat().st_uid == user and b"SIGNER_MASTER_KEYS" in (folder / "environ").read_bytes():
                yield int(folder.name)


def _of_staff() -> Iterator[CheckMessage]:
    own, public = settings.CACHES["default"].get("LOCATION"), settings.CACHES.get("public", {}).get("LOCATION")
    if own and own == public:
        yield Error(
            "CACHE_URL and PUBLIC_CACHE_URL are the same: staff would read what the public surface may write.",
            hint="A cache of staff's own, or at least a user of its own (deploy/README.md).",
            id="actions.E007",
        )
    elif own and not public:
        yield Warning(
            "PUBLIC_CACHE_URL is not set: visitors see what staff change up to a minute and a half later.",
            id="actions.W009",
        )


@register(Tags.security, deploy=True)
def caches_take_what_they_are_given(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E034 where a cache refuses this process (a wrong password, another user), W012 where it does not answer."""
    asked = {
        "default": ("CACHE_URL", caches["default"].make_key("checked")),
        "public": ("PUBLIC_CACHE_URL", TOLD_CHECKED),
    }
    found: list[CheckMessage] = []
    for alias, (name, key) in asked.items():
        refusal = getattr(caches[alias], "refusal", None) if alias in settings.CACHES else None
        if refusal is None or not (why := refusal(key)):
            continue
        if why == NO_ANSWER:
            found.append(Warning(f"The cache of {name} does not answer.", id="actions.W012"))
        else:
            hint = "User and password as in its aclfile (deploy/README.md, “Two caches”)."
            found.append(Error(f"The cache of {name} refuses this process ({why}).", hint=hint, id="actions.E034"))
    return found


@register(Tags.security, deploy=True)
def keys_are_those_of_the_database(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E032 where the digest secret is another database's, E033 where the newest forms open with none of the keys."""
    found: list[CheckMessage] = []
    try:
        if (
            settings.SIGNER_DIGEST_SECRET
            and not _wrong_with(settings.SIGNER_DIGEST_SECRET)
            and not digest_secret_is_own()
        ):
            found.append(
                Error(
                    "SIGNER_DIGEST_SECRET is not the one that the addresses of this database were digested with: "
                    "nobody who has signed would be found, and whoever signs again would be counted twice.",
                    hint="Take the one that belongs to this database from its safe, for both surfaces.",
                    id="actions.E032",
                )
            )
        usable = settings.SIGNER_MASTER_KEYS and not any(map(_wrong_with, settings.SIGNER_MASTER_KEYS))
        if settings.SURFACE != "public" and usable and not master_keys_are_own():
            found.append(
                Error(
                    "None of SIGNER_MASTER_KEYS opens the keys of the newest forms.",
                    hint="manage.py signer_keys status says which; put the old key behind the new one again.",
                    id="actions.E033",
                )
            )
    except DatabaseError:
        pass  # E002 says so, or nothing is migrated yet
    return found
