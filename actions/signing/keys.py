"""Keys of a petition: a pair to seal its signers, a salt to digest their addresses.

The secret half is wrapped by a master key (`SIGNER_MASTER_KEYS`; the first wraps, all unwrap), which the public process
does not have. Without the salt the digests are noise; without the wrapped secret nobody can read a signer.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey
from nacl.secret import SecretBox

from . import audit
from .models import Alarm, AuditRecord, MasterKey, MemberSystem, Petition, PetitionSecret, SealedFile


class KeyLost(Exception):
    """No master key of this process opens the petition's secret key, or it was destroyed."""


class StillRead(Exception):
    """A transaction that began before may still see what was destroyed, so the database keeps it."""


# Between two master keys, and from the day a key is replaced until no backup is left that it opens. docs/operations.md.
CHANGED_EVERY = timedelta(days=92)
BACKUPS_KEPT = timedelta(days=30)
READERS_MAY_TAKE = timedelta(minutes=1)


class MasterStatus(NamedTuple):
    """A master key of this process: how many keys of petitions and files it still wraps, and what is due."""

    fingerprint: str
    is_first: bool
    since: datetime
    replaced_at: datetime | None
    wraps: int

    @property
    def change_by(self) -> datetime | None:
        return self.since + CHANGED_EVERY if self.is_first else None

    @property
    def burn_from(self) -> datetime | None:
        """From when on it must be destroyed; None while it is the first, or while something still hangs on it."""
        return self.replaced_at + BACKUPS_KEPT if self.replaced_at and not self.wraps else None


class NewKeys(NamedTuple):
    public_key: bytes
    wrapped_secret_key: bytes
    digest_salt: bytes


class KeyStatus(NamedTuple):
    """Which master key opens a petition's secret key: 0 is the first; None where none does, or where it is gone."""

    petition: Petition
    opened_by: int | None
    destroyed: bool


def new_keys() -> NewKeys:
    secret = PrivateKey.generate()
    return NewKeys(bytes(secret.public_key), wrap(bytes(secret)), secrets.token_bytes(32))


def give_keys(petition: Petition) -> None:
    """Give a saved petition its keys, once; one that has keys, or had them, keeps what it has."""
    if petition.public_key or petition.forgotten_at:
        return
    keys = new_keys()
    with transaction.atomic():
        petition.public_key, petition.digest_salt = keys.public_key, keys.digest_salt
        petition.save(update_fields=["public_key", "digest_salt"])
        PetitionSecret.objects.create(petition=petition, wrapped_key=keys.wrapped_secret_key)


def secret_key(petition: Petition) -> PrivateKey:
    """The petition's secret key. Raises KeyLost."""
    try:
        wrapped = bytes(petition.secret.wrapped_key)
    except PetitionSecret.DoesNotExist:
        raise KeyLost from None
    return PrivateKey(unwrap(wrapped))


def status() -> Iterator[KeyStatus]:
    """How the key of each petition can be opened by this process."""
    for petition in Petition.objects.select_related("secret").order_by("pk"):
        try:
            number: int | None = _unwrap(bytes(petition.secret.wrapped_key))[0]
        except PetitionSecret.DoesNotExist:
            yield KeyStatus(petition, None, True)
            continue
        except KeyLost:
            number = None
        yield KeyStatus(petition, number, False)


def rotate(*, by: Any = None) -> int:
    """Wrap every secret key with the first master key; returns how many were wrapped anew.

    One row at a time, so that signing and reading go on meanwhile. Raises KeyLost at a key that no master key opens.
    """
    changed = 0
    for pk in PetitionSecret.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            secret = PetitionSecret.objects.select_for_update().filter(pk=pk).first()
            if secret is None:
                continue
            number, key = _unwrap(bytes(secret.wrapped_key))
            if number:
                secret.wrapped_key, secret.wrapped_at = wrap(key), timezone.now()
                secret.save(update_fields=["wrapped_key", "wrapped_at"])
                audit.record(AuditRecord.Verb.KEY_ROTATED, by=by, petition=pk)
                changed += 1
    return changed + _rotate_members()


def _rotate_members() -> int:
    """The same for the key of the membership system's contacts. Raises KeyLost."""
    with transaction.atomic():
        system = MemberSystem.objects.select_for_update().first()
        number, key = _unwrap(bytes(system.wrapped_key)) if system else (0, b"")
        if not number or system is None:
            return 0
        system.wrapped_key, system.wrapped_at = wrap(key), timezone.now()
        system.save(update_fields=["wrapped_key", "wrapped_at"])
    return 1


def note_masters() -> list[MasterStatus]:
    """Write down which master keys this process has, first one first, since when, and what each still wraps.

    Regular work. Raises an alarm, once a day, while the first one is older than CHANGED_EVERY.
    """
    now = timezone.now()
    wrapped = [
        model.objects.values_list("wrapped_key", flat=True) for model in (PetitionSecret, SealedFile, MemberSystem)
    ]
    opened = Counter(_opened_by(bytes(key)) for key in chain(*wrapped))
    found = []
    for number, master in enumerate(_master_keys()):
        row, _new = MasterKey.objects.get_or_create(fingerprint=_fingerprint(master), defaults={"since": now})
        replaced_at = None if number == 0 else row.replaced_at or now
        if replaced_at != row.replaced_at:
            row.replaced_at = replaced_at
            row.save(update_fields=["replaced_at"])
        found.append(MasterStatus(row.fingerprint, number == 0, row.since, replaced_at, opened[number]))
    if found and now > found[0].since + CHANGED_EVERY:
        day = now.replace(hour=0, minute=0, second=0, microsecond=0)
        days = (now - found[0].since).days
        Alarm.objects.raise_once(Alarm.Kind.KEY, subject=found[0].fingerprint, number=days, hour=day)
    return found


def scrub() -> None:
    """Write the tables anew that keys and salts were destroyed in, so that no dead row of theirs stays in the files.

    For the owner of the tables, outside a transaction; each is small, and locked for a moment. PostgreSQL's log and
    the backups keep older states until they are recycled: an end of those is made by burning the master key.
    Waits for transactions that began before, for what they may still see is kept, and so that nobody has to wait for
    a table meanwhile. What a replica's readers or a slot hold shows in what the database says. Raises StillRead.
    """
    until = time.monotonic() + READERS_MAY_TAKE.total_seconds()
    with connection.cursor() as cursor:
        _wait_for_readers(cursor, until)
        for model in (PetitionSecret, Petition):
            while _rewrite(cursor, model):
                if time.monotonic() > until:
                    raise StillRead
                time.sleep(1)


def _rewrite(cursor: Any, model: type[Model]) -> int:
    """Write a table anew; returns how many dead rows the database had to keep, which it tells in a notice alone."""
    told: list[str] = []
    connection.connection.add_notice_handler(note := lambda diag: told.append(diag.message_detail or ""))
    try:
        cursor.execute(f"vacuum (full, verbose) {connection.ops.quote_name(model._meta.db_table)}")
    finally:
        connection.connection.remove_notice_handler(note)
    # "N dead row versions cannot be removed yet.", in the server's language.
    return sum(int(number) for detail in told for number in re.findall(r"\d+", detail.partition("\n")[0])[:1])


def _wait_for_readers(cursor: Any, until: float) -> None:
    """Wait for the ends of the transactions that are open now, as `create index concurrently` does."""
    transactions = (
        "select array_agg(virtualtransaction) from pg_locks join pg_stat_activity using (pid)"
        " where locktype = 'virtualxid' and coalesce(datname, current_database()) = current_database()"
        " and pid <> pg_backend_pid()"  # the server's own processes, which are in no database, hold as much
    )
    cursor.execute(transactions)
    (open_before,) = cursor.fetchone()
    while open_before:
        if time.monotonic() > until:
            raise StillRead
        time.sleep(0.05)
        cursor.execute(f"{transactions} and virtualtransaction = any(%s)", [open_before])
        (open_before,) = cursor.fetchone()


def _opened_by(wrapped: bytes) -> int | None:
    try:
        return _unwrap(wrapped)[0]
    except KeyLost:
        return None


def _fingerprint(master: bytes) -> str:
    return hashlib.blake2b(master, digest_size=8, person=b"master key").hexdigest()


def destroy(petition: Petition, *, by: Any = None, purpose: str) -> None:
    """Make an end of reading the petition's signers and of testing addresses, for good. Totals stay."""
    with transaction.atomic():
        locked = Petition.objects.select_for_update().get(pk=petition.pk)
        PetitionSecret.objects.filter(petition=locked).delete()
        locked.public_key = locked.digest_salt = b""
        locked.forgotten_at = locked.forgotten_at or timezone.now()
        locked.save(update_fields=["public_key", "digest_salt", "forgotten_at"])
        audit.record(AuditRecord.Verb.KEY_DESTROYED, by=by, petition=petition.pk, purpose=purpose)


def address_value(canonical_address: str) -> bytes:
    """What stands for an address outside of the database: the same for every petition, nothing without our secret."""
    return keyed(b"address 2", canonical_address.encode())


def address_digest(*, salt: bytes, canonical_address: str) -> bytes:
    """What stands for an address in one petition. The database makes it itself where the public process asks
    (`actions_digest`), so that the salt need not leave it."""
    return hashlib.sha256(bytes(salt) + address_value(canonical_address)).digest()


def keyed(use: bytes, value: bytes) -> bytes:
    """HMAC-SHA-256 of a value under a key that is derived (HKDF) from our secret for this use alone."""
    return hmac.digest(_derived(settings.SIGNER_DIGEST_SECRET, use), value, hashlib.sha256)


def lock_number(value: bytes) -> int:
    """The number of an advisory lock for a value, which only a process with a master key can know. Raises KeyLost."""
    masters = _master_keys()
    if not masters:
        raise KeyLost
    return int.from_bytes(hmac.digest(masters[-1], b"lock 1" + value, hashlib.sha256)[:8], signed=True)


@lru_cache(maxsize=1024)
def _derived(secret: str, use: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=b"", info=use).derive(decode(secret))


def wrap(key: bytes) -> bytes:
    """A key, encrypted under the first master key. Raises KeyLost where this process has none."""
    masters = _master_keys()
    if not masters:
        raise KeyLost
    return bytes(SecretBox(masters[0]).encrypt(key))


def unwrap(wrapped: bytes) -> bytes:
    """A key that `wrap` made, by whichever master key opens it. Raises KeyLost."""
    return _unwrap(wrapped)[1]


def _unwrap(wrapped: bytes) -> tuple[int, bytes]:
    """Which master key opened it, and the key. Raises KeyLost."""
    for number, master in enumerate(_master_keys()):
        try:
            return number, SecretBox(master).decrypt(wrapped)
        except CryptoError:
            continue
    raise KeyLost


def _master_keys() -> list[bytes]:
    return [decode(key) for key in settings.SIGNER_MASTER_KEYS]


def decode(key: str) -> bytes:
    """The 32 bytes of a key as settings hold it. Raises ImproperlyConfigured."""
    try:
        raw = base64.b64decode(key, validate=True)
    except binascii.Error:
        raise ImproperlyConfigured("A signer key is not valid base64.") from None
    if len(raw) != 32:
        raise ImproperlyConfigured("A signer key must be 32 bytes in base64.")
    return raw
