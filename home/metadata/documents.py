"""Strip a document of any kind that is taken in, by its extension; its content must be of that kind."""

import shutil
import tempfile
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import IO

from .film import FORMATS, strip_film
from .office import OPEN_XML, PICTURES, add, checked, strip_office
from .pictures import strip_picture
from .refused import Reason, Refused

IN_MEMORY = 20_000_000  # bytes; larger ones lie on the disk while they are stripped


def strip_document(source: IO[bytes], *, extension: str, inside: bool = False) -> IO[bytes]:
    """The content of a file without its metadata, at its beginning. Raises Refused."""
    strip = HOW.get(extension)
    if strip is None or (inside and extension == "zip"):
        raise Refused(Reason.NO_SUCH_KIND if not inside else Reason.FILES_INSIDE)
    source.seek(0)
    target = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 – handed on open
    strip(source, target, extension)
    target.seek(0)
    return target


def _pdf(source: IO[bytes], target: IO[bytes], extension: str) -> None:
    if b"%PDF-" not in source.read(1024):
        raise Refused(Reason.ANOTHER_KIND)
    source.seek(0)
    from .pdf import strip_pdf  # large, and only staff's processes ever need it

    strip_pdf(source, target)


def _office(source: IO[bytes], target: IO[bytes], extension: str) -> None:
    strip_office(source, target, extension=extension)


def _film(source: IO[bytes], target: IO[bytes], extension: str) -> None:
    with tempfile.TemporaryDirectory(prefix="film-") as folder:
        before, after = Path(folder) / "before", Path(folder) / "after"
        with before.open("wb") as copy:
            shutil.copyfileobj(source, copy)
        strip_film(before, after, extension=extension)
        with after.open("rb") as stripped:
            shutil.copyfileobj(stripped, target)


def _text(source: IO[bytes], target: IO[bytes], extension: str) -> None:
    """Text says nothing about itself, so long as it is text."""
    content = source.read()
    if b"\x00" in content:
        raise Refused(Reason.ANOTHER_KIND)
    target.write(content)


def _archive(source: IO[bytes], target: IO[bytes], extension: str) -> None:
    """Each file in it as if it came alone, by its own kind."""
    try:
        with zipfile.ZipFile(source) as read, zipfile.ZipFile(target, "w") as write:
            for part in checked(read):
                kind = part.filename.rpartition(".")[2].lower()
                if kind in PICTURES:
                    stripped = strip_picture(BytesIO(read.read(part))).content
                else:
                    stripped = strip_document(BytesIO(read.read(part)), extension=kind, inside=True).read()
                add(write, part.filename, stripped)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError) as error:
        raise Refused(Reason.DAMAGED) from error


HOW: dict[str, Callable[[IO[bytes], IO[bytes], str], None]] = {
    "pdf": _pdf,
    "zip": _archive,
    "csv": _text,
    "txt": _text,
    "odt": _office,
    **dict.fromkeys(OPEN_XML, _office),
    **dict.fromkeys(FORMATS, _film),
}
