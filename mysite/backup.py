"""Backups: what PostgreSQL's own programs write, encrypted to public keys (age, https://age-encryption.org/v1) on its
way to the disk. Whoever makes a backup cannot read it, and neither can whoever steals it.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

import pyrage
from django.conf import settings
from django.db import connection
from pyrage.x25519 import Identity, Recipient

from . import postgres

DATABASE, MEDIA, PRIVATE_MEDIA = ".database.age", ".media.age", ".private-media.age"
PREFIX = "actions-"


class BackupFailed(Exception):
    """A backup could not be written or read; the text says why, for who runs the command."""


def make(folder: Path, *, recipients: Iterable[str]) -> list[Path]:
    """Write the database, and the media where they lie in a folder, into new files. Raises BackupFailed.

    What was committed before the call is in it. Nothing readable touches the disk.
    """
    keys = _recipients(recipients)
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / f"{PREFIX}{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    # Sessions of staff end with a restore; who was logged in is nobody's business then.
    command, env = _postgresql("pg_dump", "--format=custom", "--compress=1", "--exclude-table-data=django_session")
    files = [_sealed(command, env, stem.with_name(stem.name + DATABASE), keys)]
    for kind, folder_of_media in _media_folders().items():
        if folder_of_media.is_dir():
            command = ["tar", "--create", "--directory", str(folder_of_media), "."]
            files.append(_sealed(command, None, stem.with_name(stem.name + kind), keys))
    return files


def forget(folder: Path, *, older_than: timedelta) -> int:
    """Delete backups that are older; whoever was forgotten since is gone from them too. Returns how many files."""
    limit = time.time() - older_than.total_seconds()
    old = [
        f
        for kind in (DATABASE, MEDIA, PRIVATE_MEDIA)
        for f in folder.glob(f"{PREFIX}*{kind}")
        if f.stat().st_mtime < limit
    ]
    for file in old:
        file.unlink()
    return len(old)


def is_empty() -> bool:
    """Whether the database has no table yet."""
    with connection.cursor() as cursor:
        cursor.execute("select not exists (select from pg_tables where schemaname = 'public')")
        return cursor.fetchone()[0]


def restore(file: Path, *, identity: str) -> bool:
    """Fill the empty database, and the folders of media where they were kept too; returns whether any was.

    The database is filled whole or not at all. Raises BackupFailed.
    """
    try:
        key = Identity.from_str(identity.strip())
    except pyrage.IdentityError as error:
        raise BackupFailed("The key is none: it begins with AGE-SECRET-KEY-1.") from error
    command, env = _postgresql(
        "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
        "--dbname", connection.get_connection_params()["dbname"],
    )  # fmt: skip
    _opened(file, key, command, env)
    found = False
    for kind, folder in _media_folders().items():
        media = file.with_name(file.name.removesuffix(DATABASE) + kind)
        if media.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            _opened(media, key, ["tar", "--extract", "--directory", str(folder)], None)
            found = True
    return found


def new_key(file: Path) -> str:
    """Write a new private key into a file for its owner alone; returns the public one, and only when the private one is
    on the disk. Raises BackupFailed where the file would go with this process or at the next start."""
    if passes := _passes_away(file.resolve().parent):
        raise BackupFailed(f"{file} would not stay: it lies on {passes}. Name a file on a disk or a stick.")
    key = Identity.generate()
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(f"{key}\n")
        out.flush()
        os.fsync(out.fileno())
    folder = os.open(file.resolve().parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    written = Identity.from_str(file.read_text().strip())
    return str(written.to_public())


MOUNTS = Path("/proc/self/mountinfo")  # of Linux; elsewhere nobody can tell


def _passes_away(folder: Path) -> str:
    """What a folder lies on, where that is gone with this process or when the machine is started anew."""
    if not MOUNTS.exists():
        return ""
    mounts = {}
    for line in MOUNTS.read_text().splitlines():  # man 5 proc: root and mount point, then after “-” its kind
        mount, _, file_system = line.partition(" - ")
        root, place = mount.split()[3:5]
        mounts[place] = (root, file_system.split()[0])
    root, kind = next(mounts[str(one)] for one in (folder, *folder.parents) if str(one) in mounts)
    if "/systemd-private-" in root:
        return "a folder that is this process's alone"
    return {"tmpfs": "memory", "ramfs": "memory", "overlay": "what a container throws away"}.get(kind, "")


def _media_folders() -> dict[str, Path]:
    """Where media lie, unless they lie in object storage, which keeps copies of its own."""
    folders = {}
    if settings.STORAGES["public"]["BACKEND"] == "django.core.files.storage.FileSystemStorage":
        folders[MEDIA] = Path(settings.MEDIA_ROOT)
    if settings.STORAGES["default"]["BACKEND"] == "home.storages.PrivateFolder":
        folders[PRIVATE_MEDIA] = Path(settings.PRIVATE_MEDIA_ROOT)
    return folders


def _recipients(names: Iterable[str]) -> list[Recipient]:
    try:
        keys = [Recipient.from_str(name) for name in names]
    except pyrage.RecipientError as error:
        raise BackupFailed("A key of BACKUP_RECIPIENTS is none: a public one begins with age1.") from error
    if not keys:
        raise BackupFailed("BACKUP_RECIPIENTS is empty: name the public keys that backups are encrypted to.")
    return keys


def _postgresql(name: str, *words: str) -> tuple[list[str], dict[str, str]]:
    """One of PostgreSQL's programs with the database of this process, which no list of processes shows."""
    known = connection.get_connection_params()
    env = {variable: str(known[key]) for key, variable in LIBPQ.items() if known.get(key)}
    return [_program(name), *words], os.environ | env


# https://www.postgresql.org/docs/current/libpq-envars.html
LIBPQ = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "passfile": "PGPASSFILE",
}


def _program(name: str) -> str:
    """Of the embedded server where that is installed, so that both are of one version; otherwise of the path."""
    own = postgres.programs()
    found = (own and shutil.which(name, path=str(own))) or shutil.which(name)
    if found is None:
        raise BackupFailed(f"{name} is missing. Install PostgreSQL's client programs (Debian: postgresql-client).")
    return found


def _sealed(command: list[str], env: dict[str, str] | None, target: Path, keys: list[Recipient]) -> Path:
    """Run a command and keep what it prints, encrypted; nothing is left of one that failed."""
    part = target.with_name(target.name + ".part")
    try:
        with _running(command, env, stdout=subprocess.PIPE) as process, _private(part) as out:
            pyrage.encrypt_io(process.stdout, out, keys)
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def _opened(file: Path, key: Identity, command: list[str], env: dict[str, str] | None) -> None:
    """Run a command with what is in an encrypted file. A file that was changed or cut short is refused."""
    with _running(command, env, stdin=subprocess.PIPE) as process, file.open("rb") as sealed:
        try:
            pyrage.decrypt_io(sealed, process.stdin, [key])
        except BrokenPipeError:
            pass  # it has ended, and says why
        except (pyrage.DecryptError, OSError) as error:  # the second where the file is cut short
            process.kill()
            raise BackupFailed(f"{file.name} cannot be opened: another key, or the file is damaged.") from error
        with suppress(OSError):
            process.stdin.close()


@contextmanager
def _running(command: list[str], env: dict[str, str] | None, **pipes: int) -> Iterator[subprocess.Popen]:
    name = Path(command[0]).name
    with tempfile.TemporaryFile("w+") as said:
        with subprocess.Popen(command, env=env, stderr=said, **pipes) as process:  # noqa: S603
            yield process
        if process.returncode:
            said.seek(0)
            # Its errors alone: what they are about (DETAIL, CONTEXT) can hold a row.
            errors = [line.strip() for line in said if line.startswith((f"{name}: error:", "tar:"))]
            raise BackupFailed(" ".join([f"{name} failed ({process.returncode}).", *errors[:3]]))


@contextmanager
def _private(file: Path) -> Iterator[IO[bytes]]:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        yield out
