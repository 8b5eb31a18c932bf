"""Tables that staff upload: sealed as they come in, looked at, and read line by line.

Read as UTF-8, or as Windows-1252 where they are no UTF-8; the sign between columns is what the first line has most of.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from . import files
from .models import SealedFile, SignatureImport

LARGEST = 200 * 1024 * 1024  # bytes of an uploaded file


class BadFile(Exception):
    """The file is no table we can read; its text says why, as a code."""


class Upload(NamedTuple):
    """What the head of a file shows: its columns, and what they are likely to be."""

    header: list[str]
    guess: dict[str, str]


def keep(chunks: Iterable[bytes], *, name: str) -> tuple[SealedFile, Upload]:
    """Seal an uploaded file as it comes in, and look at its first line. Raises BadFile; nothing of it is kept then."""
    with files.Writer(name=name[:120], content_type="text/csv") as out:
        head, size = b"", 0
        for chunk in chunks:
            size += len(chunk)
            if size > LARGEST:
                raise BadFile("too large")
            if len(head) < 65_536:
                head += chunk[:65_536]
            out.write(chunk)
        upload = _look(head)
    return out.file, upload


def _look(head: bytes) -> Upload:
    if not head.strip():
        raise BadFile("empty")
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) or b"\x00" in head:
        raise BadFile("no text")
    text = _decoded(head)
    try:
        header = next(csv.reader(io.StringIO(text), dialect_of(text)))
    except (csv.Error, StopIteration):
        raise BadFile("no table") from None
    header = [cell.strip()[:80] for cell in header]
    if len(header) < 2 or len(header) > 200 or len(set(header)) != len(header) or "" in header:
        raise BadFile("no header")
    return Upload(header, _guess(header))


HINTS = {
    "email": ("email", "e-mail", "e-post", "epost", "mail", "e-postadresse", "email address"),
    "name": ("name", "navn", "namn", "full name", "fullt navn"),
    "first_name": ("first name", "firstname", "fornavn", "førenamn", "given name"),
    "last_name": ("last name", "lastname", "etternavn", "etternamn", "surname", "family name"),
    "signed_at": (
        "date",
        "dato",
        "signed",
        "signert",
        "signed at",
        "time",
        "tidspunkt",
        "created",
        "created_at",
        "submitted",
    ),
    "country": ("country", "land", "country code", "landkode"),
    "language": ("language", "språk", "lang", "locale"),
    "postcode": ("postcode", "postnummer", "postnr", "zip", "zip code", "postal code"),
    "phone": ("phone", "telefon", "mobil", "mobile", "telephone"),
    "place": ("place", "sted", "stad", "city", "poststed"),
    "comment": ("comment", "kommentar", "message", "melding"),
}  # fmt: skip


def _guess(header: list[str]) -> dict[str, str]:
    known = {hint: field for field, hints in HINTS.items() for hint in hints}
    guess: dict[str, str] = {}
    for column in header:
        field = known.get(column.lower().replace("_", " ").strip())
        if field and field not in guess.values():
            guess[column] = field
    return guess


def lines_of(task: SignatureImport) -> Iterator[str]:
    """The file line by line, decoded as UTF-8, or as Windows-1252 where its head is no UTF-8."""
    assert task.file is not None  # noqa: S101
    content = files.read(task.file)
    first = next(content, b"")
    decoder = codecs.getincrementaldecoder(_encoding(first))(errors="replace")
    rest = ""
    read = 0
    for chunk in chain([first], content):
        read += len(chunk)
        task.done = read
        rest += decoder.decode(chunk)
        *lines, rest = rest.split("\n")
        for line in lines:
            yield line + "\n"
    rest += decoder.decode(b"", final=True)
    if rest:
        yield rest


def _encoding(head: bytes) -> str:
    try:
        # A chunk may end in the middle of a character.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _decoded(head: bytes) -> str:
    return codecs.getincrementaldecoder(_encoding(head))(errors="replace").decode(head)


def dialect_of(text: str) -> type[csv.Dialect]:
    """The sign between columns, from the first line: the one there is most of."""
    first = text.split("\n", 1)[0]

    class Found(csv.excel):
        delimiter = max(",;\t", key=first.count)

    return Found
