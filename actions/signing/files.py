"""Sealed files: written and read as streams, encrypted in chunks. Staff and workers only: they have the master keys."""

import secrets
from collections.abc import Iterable, Iterator
from datetime import timedelta
from types import TracebackType
from uuid import UUID

from django.db import connection
from django.utils import timezone
from nacl.exceptions import CryptoError
from nacl.secret import Aead

from . import keys
from .models import SealedChunk, SealedFile

CHUNK = 256 * 1024  # bytes
KEPT = timedelta(hours=24)


class FileGone(Exception):
    """The file was downloaded, has expired, or was never finished."""


class Writer:
    """A binary file to write to, as csv and zip writers want one; what is written is sealed chunk by chunk.

    Used as a context: the file is there for readers when the context ends well, and gone when it ends in an error.
    """

    def __init__(self, *, name: str, content_type: str, kept: timedelta = KEPT) -> None:
        self._key = secrets.token_bytes(Aead.KEY_SIZE)
        self._buffer = bytearray()
        self._number = 0
        self._size = 0
        self.file = SealedFile.objects.create(
            name=name,
            content_type=content_type,
            wrapped_key=keys.wrap(self._key),
            expires_at=timezone.now() + kept,
        )

    def write(self, data: bytes) -> int:
        self._buffer += data
        while len(self._buffer) >= CHUNK:
            self._seal(bytes(self._buffer[:CHUNK]))
            del self._buffer[:CHUNK]
        return len(data)

    def tell(self) -> int:
        """How many bytes were written."""
        return self._size + len(self._buffer)

    def flush(self) -> None:
        """Nothing to do: chunks are written when they are full."""

    def _seal(self, data: bytes) -> None:
        sealed = Aead(self._key).encrypt(data, aad=_place(self.file, self._number))
        SealedChunk.objects.create(file=self.file, number=self._number, sealed=bytes(sealed))
        self._number += 1
        self._size += len(data)

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is not None:
            self.file.delete()
            return
        if self._buffer:
            self._seal(bytes(self._buffer))
            self._buffer.clear()
        self.file.size, self.file.complete = self._size, True
        self.file.save(update_fields=["size", "complete"])


def read(file: SealedFile) -> Iterator[bytes]:
    """The content of a file, chunk by chunk. Raises FileGone, keys.KeyLost; CryptoError where it was tampered with."""
    if not file.complete or file.expires_at <= timezone.now():
        raise FileGone
    box = Aead(keys.unwrap(bytes(file.wrapped_key)))
    return _chunks(file, box)


def _chunks(file: SealedFile, box: Aead) -> Iterator[bytes]:
    size = 0
    number = 0
    while size < file.size:
        row = SealedChunk.objects.filter(file=file, number=number).first()
        if row is None:  # taken away while it was read
            raise CryptoError("a part is missing")
        data = box.decrypt(bytes(row.sealed), aad=_place(file, number))
        size += len(data)
        number += 1
        yield data


def drop(petition: int, *, why: str, signatures: Iterable[UUID] | None = None) -> None:
    """Delete the files that these signers stand in or may stand in, or all of a petition; staff read why.

    Those that are being made are looked at when they are ready (work.py).
    """
    with connection.cursor() as cursor:
        who = None if signatures is None else list(signatures)
        cursor.execute("select actions_drop_files(%s, %s::uuid[], %s)", [petition, who, why])


def forget_expired() -> int:
    """Delete files whose time is over, and unfinished ones nobody has worked on for a day; returns how many."""
    old = list(SealedFile.objects.filter(expires_at__lte=timezone.now()))
    for file in old:  # one after the other, so that none waits for another while somebody is erased
        file.delete()
    return len(old)


def _place(file: SealedFile, number: int) -> bytes:
    return f"{file.pk}:{number}".encode()
