"""Strip office documents (Office Open XML, OpenDocument): author, company, dates, printer, names beside comments and
tracked changes, thumbnails, and the metadata of the pictures inside. They are zip archives of XML."""

import re
import zipfile
from io import BytesIO
from typing import IO

from .pictures import strip_picture
from .refused import Reason, Refused

MOST_PARTS, MOST_BYTES = 5_000, 500_000_000
AT_NO_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip archive can say
PICTURES = ("jpg", "jpeg", "png", "gif", "webp", "avif")
# Drawings whose formats have no place for a place; fonts.
LEFT_AS_THEY_ARE = ("emf", "wmf", "ttf", "otf", "odttf", "fntdata")
OPEN_XML = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}

CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties xmlns:cp='
    '"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
APP = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns='
    '"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
CUSTOM = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns='
    '"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
)
META = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<office:document-meta '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.2"><office:meta/>'
    "</office:document-meta>"
)
EMPTIED = {"docProps/core.xml": CORE, "docProps/app.xml": APP, "docProps/custom.xml": CUSTOM, "meta.xml": META}
THUMBNAIL = re.compile(r"^(docProps|Thumbnails)/.*\.(jpe?g|png|emf|wmf|gif)$", re.IGNORECASE)
# Attributes and elements that name a person, a device or an instant, in every vocabulary of both standards.
ATTRIBUTES = re.compile(
    rb"""(\s(?:[\w.-]+:)?(?:author|initials|userId|userName|providerId|displayName|lastEdited|name15|dT|
    dateUtc|modifiedVerifier|lastModifiedBy|creator)\s*=\s*)("[^"]*"|'[^']*')""",
    re.VERBOSE | re.IGNORECASE,
)
ELEMENTS = re.compile(
    rb"<((?:[\w.-]+:)?(?:creator|author|date-string|initial-creator|sender-initials|lastModifiedBy|printed-by))"
    rb"((?:\s[^>]*)?)>[^<]*</\1>",
    re.IGNORECASE,
)
PRINTERS = re.compile(rb'(<config:config-item [^>]*config:name="Printer\w*"[^>]*>)[^<]*(</config:config-item>)')
ABSOLUTE_PATH = re.compile(rb"<(?:\w+:)?absPath\b[^>]*/>")  # xlsx: where it lay on somebody's disk


def strip_office(source: IO[bytes], target: IO[bytes], *, extension: str) -> None:
    """Write an office document without its metadata. Raises Refused."""
    try:
        with zipfile.ZipFile(source) as read:
            parts = checked(read)
            if not _is(extension, read, [part.filename for part in parts]):
                raise Refused(Reason.ANOTHER_KIND)
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as write:
                for part in parts:
                    if not THUMBNAIL.match(part.filename):
                        add(write, part.filename, _stripped(part.filename, read.read(part)))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, RuntimeError, NotImplementedError) as error:
        raise Refused(Reason.DAMAGED) from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]
        raise Refused(Reason.DAMAGED) from error


def checked(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files of an archive. Raises Refused for one that is locked, or would fill the disk."""
    parts = [part for part in archive.infolist() if not part.is_dir()]
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise Refused(Reason.TOO_LARGE)
    if any(part.flag_bits & 1 for part in parts):
        raise Refused(Reason.LOCKED)
    return parts


def add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """A file without a time, an owner or a remark."""
    entry = zipfile.ZipInfo(name, AT_NO_TIME)
    # OpenDocument: the first file says what it is, readable as it stands.
    entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    archive.writestr(entry, content)


def _is(extension: str, archive: zipfile.ZipFile, names: list[str]) -> bool:
    if extension == "odt":
        return "mimetype" in names and archive.read("mimetype").startswith(b"application/vnd.oasis.opendocument.text")
    return "[Content_Types].xml" in names and any(name.startswith(OPEN_XML[extension]) for name in names)


def _stripped(name: str, content: bytes) -> bytes:
    if name in EMPTIED:
        return EMPTIED[name].encode()
    extension = name.rpartition(".")[2].lower()
    if extension in PICTURES:
        return strip_picture(BytesIO(content), turn=False).content
    if extension in OPEN_XML:  # a table in a text, as Office keeps it
        out = BytesIO()
        strip_office(BytesIO(content), out, extension=extension)
        return out.getvalue()
    if name == "mimetype" or extension in LEFT_AS_THEY_ARE:
        return content
    if name == "[Content_Types].xml" or extension == "rels":
        return re.sub(rb"<Relationship [^>]*metadata/thumbnail[^>]*/>", b"", content)
    if extension in ("xml", "vml", "rdf"):
        return _stripped_xml(content)
    if name.startswith(("Configurations2/", "META-INF/")) and not content:
        return content
    # Programs, printers' settings, objects of other programs: nobody can say what they hold.
    if name.endswith("printerSettings1.bin") or "/printerSettings/" in name:
        return b""
    raise Refused(Reason.FILES_INSIDE)


def _stripped_xml(content: bytes) -> bytes:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Refused(Reason.DAMAGED)  # UTF-16, which no office program writes
    content = ATTRIBUTES.sub(rb'\1""', content)
    content = ELEMENTS.sub(rb"<\1\2></\1>", content)
    return ABSOLUTE_PATH.sub(b"", PRINTERS.sub(rb"\1\2", content))
