"""Signatures as a file: chosen columns, opened with one record in the audit trail, written in constant memory."""

import csv
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from actions.rules.cells import safe_cell
from actions.rules.errors import ChangeRefused

from . import audit, files, opened, reading, work
from .models import Export, Petition, SealedFile, Signature
from .register import Filter, batches
from .sealing import Person

ROWS_ON_A_SHEET = 1_000_000  # Excel takes 1 048 576
TYPES = {
    Export.Format.CSV: "text/csv; charset=utf-8",
    Export.Format.SEMICOLONS: "text/csv; charset=utf-8",
    Export.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Column:
    """A column that can be asked for. `personal` ones need the sealed signer to be opened; all `of_signer` are about a
    person, who is noted to be in the file."""

    label: str | Promise
    value: Callable[[Signature, Person | None], str]
    personal: bool = False
    of_signer: bool = False


def _of_person(field: str) -> Callable[[Signature, Person | None], str]:
    return lambda signature, person: getattr(person, field, "") if person else ""


def _of_signer(field: str) -> Callable[[Signature, Person | None], str]:
    def value(signature: Signature, person: Person | None) -> str:
        signer = getattr(signature, "signer", None)
        return "" if signer is None else str(_("yes") if signer.agrees(field) else _("no"))

    return value


def _words(signature: Signature, person: Person | None) -> str:
    signer = getattr(signature, "signer", None)
    return str(signer.consent_text) if signer and signer.consent_text else ""


def _signed(signature: Signature, person: Person | None) -> str:
    return timezone.localtime(signature.signed_at).strftime("%Y-%m-%d %H:%M")


COLUMNS: dict[str, Column] = {
    "number": Column(_("Number of the signature"), lambda signature, person: str(signature.pk)),
    "signed_at": Column(_("Signed"), _signed),
    "state": Column(_("State"), lambda signature, person: str(Signature.State(signature.state).label)),
    "language": Column(_("Language"), lambda signature, person: signature.language),
    "country": Column(_("Country"), lambda signature, person: signature.country),
    "name": Column(_("Name"), _of_person("name"), personal=True, of_signer=True),
    "email": Column(_("Email address"), _of_person("email"), personal=True, of_signer=True),
    "postcode": Column(_("Postcode"), _of_person("postcode"), personal=True, of_signer=True),
    "place": Column(_("Place"), _of_person("place"), personal=True, of_signer=True),
    "phone": Column(_("Telephone number"), _of_person("phone"), personal=True, of_signer=True),
    "comment": Column(_("Comment"), _of_person("comment"), personal=True, of_signer=True),
    "contact_action": Column(_("Contact about this action"), _of_signer("contact_action"), of_signer=True),
    "contact_other": Column(_("Contact about other work"), _of_signer("contact_other"), of_signer=True),
    "show_name": Column(_("Name shown on the page"), _of_signer("show_name"), of_signer=True),
    "shown_name": Column(_("Name that is shown"), _of_person("shown_name"), personal=True, of_signer=True),
    "hand_over_name": Column(_("Name handed over"), _of_signer("hand_over_name"), of_signer=True),
    "consent_text": Column(_("Version of the consent text"), _words, of_signer=True),
}


Use = Export.Use
CONSENT_OF = {Use.CONTACT_ACTION: "contact_action", Use.CONTACT_OTHER: "contact_other"}
# How a person is reached: only to write to those who agreed, or where a claim or an authority needs it.
REACHES = {"email", "phone"}


def refused_columns(use: str, columns: Iterable[str]) -> list[str]:
    """Those of the columns that a file for this use may not have."""
    if use == Use.FIGURES:
        return [name for name in columns if name == "number" or COLUMNS[name].of_signer]
    if use == Use.CHECK:
        return [name for name in columns if name in REACHES]
    return []


def chosen(petition: Petition, *, use: str, criteria: dict[str, str]) -> QuerySet[Signature]:
    """What a file for this use holds: to write to people, only those who agreed to it, whose mailbox has answered, and
    whose signature counts."""
    rows = _filter(criteria).of(petition)
    if use == Use.FIGURES:
        return rows
    rows = rows.filter(restriction=None)
    if consent := CONSENT_OF.get(Use(use)):
        agreed = {f"signer__{consent}": True, "signer__proved_at__isnull": False}
        rows = rows.filter(**agreed, state=Signature.State.COUNTED)
    return rows


def ask(
    *,
    petition: Petition,
    format: str,
    columns: Iterable[str],
    criteria: dict[str, str],
    purpose: str,
    by: Any,
    use: str = Use.CHECK,
) -> Export:
    """Write down what is wanted, and for which use; `build` then makes the file, in the language at hand when it was
    asked for. Raises ChangeRefused.

    A use that needs no consent gets no address, one that writes to people only those who agreed.
    """
    wanted = [name for name in COLUMNS if name in set(columns)]
    if refused_columns(use, wanted):
        raise ChangeRefused
    expected = chosen(petition, use=use, criteria=criteria).count()
    with transaction.atomic():
        export = Export.objects.create(
            petition=petition,
            format=format,
            columns=wanted,
            use=use,
            criteria=criteria,
            purpose=purpose,
            language=get_language() or "",
            by=by,
            expected=expected,
        )
        audit.record(audit.Verb.EXPORT_ASKED, by=by, petition=petition.pk, number=expected, purpose=f"{use}: {purpose}")
        opened.export_asked(by)
        if use == Use.CLAIM:
            opened.claimed(by, expected)
    return export


def build(export_id: int) -> bool:
    """Make the file of an export; returns whether it is there. May be called again after a worker was killed."""
    return work.run(Export, export_id, _build)


def _build(export: Export) -> None:
    if export.file_id:  # what a killed worker left
        SealedFile.objects.filter(pk=export.file_id).delete()
    kind = Export.Format(export.format)
    name = f"signatures-{export.petition_id}-{export.pk}.{kind.suffix}"
    with files.Writer(name=name, content_type=TYPES[kind]) as out:
        export.file = out.file
        export.save(update_fields=["file"])
        write(out, kind=kind, header=[str(COLUMNS[name].label) for name in export.columns], rows=_rows(export))


def _rows(export: Export) -> Iterator[list[str]]:
    columns = [COLUMNS[name] for name in export.columns]
    opens = any(column.personal for column in columns)
    tells = opens or any(column.of_signer for column in columns)
    petition = Petition.objects.get(pk=export.petition_id)
    done = 0
    if tells:
        made = audit.record(
            audit.Verb.EXPORTED,
            by=export.by,
            petition=petition.pk,
            number=export.expected,
            purpose=f"{export.use}: {export.purpose}",
        )
        export.record = made.pk
        export.save(update_fields=["record"])
    for batch in batches(chosen(petition, use=export.use, criteria=export.criteria)):
        people = reading.open_recorded(batch, petition=petition) if opens else {}
        audit.touched(export.record, [row.pk for row in batch if hasattr(row, "signer")] if tells else [])
        for signature in batch:
            yield [str(column.value(signature, people.get(signature.pk))) for column in columns]
        done += len(batch)
        work.advance(export, done)


def _filter(criteria: dict[str, str]) -> Filter:
    given: dict[str, Any] = dict(criteria)
    for field in ("signed_from", "signed_before"):
        if given.get(field):
            given[field] = parse_datetime(given[field])
    return Filter(**given)


def write(out: files.Writer, *, kind: Export.Format, header: list[str], rows: Iterable[list[str]]) -> None:
    """Write a table in constant memory, so that nothing in it is carried out as a formula."""
    if kind is Export.Format.XLSX:
        write_xlsx(out, header=header, rows=rows)
    else:
        write_csv(out, header=header, rows=rows, between=";" if kind is Export.Format.SEMICOLONS else ",")


def write_csv(out: Any, *, header: list[str], rows: Iterable[list[str]], between: str = ",") -> None:
    """RFC 4180 in UTF-8 with a byte order mark, by which spreadsheets know the encoding. Excel of countries that write
    a decimal comma wants semicolons between the cells; a line that says so (`sep=`) would make it forget the encoding.
    """
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, delimiter=between)
    out.write(b"\xef\xbb\xbf")
    for row in _with_header(header, rows):
        writer.writerow([safe_cell(cell) for cell in row])
        if text.tell() > 65_536:
            out.write(_taken(text))
    out.write(_taken(text))


def write_xlsx(out: Any, *, header: list[str], rows: Iterable[list[str]]) -> None:
    """An Excel workbook; every cell is written as text, which no program takes for a formula."""
    with _private_folder() as folder:
        book = xlsxwriter.Workbook(
            out,
            {"constant_memory": True, "tmpdir": str(folder), "strings_to_formulas": False, "strings_to_urls": False},
        )
        bold = book.add_format({"bold": True})
        sheet, line = None, 0
        for row in rows:
            if sheet is None or line > ROWS_ON_A_SHEET:
                sheet, line = _sheet(book, header, bold), 1
            for column, cell in enumerate(row):
                sheet.write_string(line, column, cell.replace("\x00", "")[:32_767])
            line += 1
        if sheet is None:
            _sheet(book, header, bold)
        book.close()


def _sheet(book: Any, header: list[str], bold: Any) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(0, len(header) - 1), 22)
    for column, cell in enumerate(header):
        sheet.write_string(0, column, cell, bold)
    return sheet


def _with_header(header: list[str], rows: Iterable[list[str]]) -> Iterator[list[str]]:
    yield header
    yield from rows


def _taken(text: io.StringIO) -> bytes:
    data = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return data


PREFIX = "actions-sheet-"


@contextmanager
def _private_folder() -> Iterator[Path]:
    """Where a workbook's rows lie while it is written; named after the process, so that a killed one's can be swept."""
    sweep()
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-", dir=_memory()) as folder:
        yield Path(folder)


def sweep() -> int:
    """Delete what workers that were killed left of their workbooks; returns how many folders."""
    left = 0
    for folder in (_memory() or Path(tempfile.gettempdir())).glob(f"{PREFIX}*"):
        owner = folder.name.removeprefix(PREFIX).split("-")[0]
        if not _alive(owner):
            shutil.rmtree(folder, ignore_errors=True)
            left += 1
    return left


def _alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (ValueError, OSError):
        return True  # not ours to judge
    return True


def _memory() -> Path | None:
    """A file system in memory where there is one: names must not touch the disk in the clear."""
    shared = Path("/dev/shm")  # noqa: S108
    return shared if os.access(shared, os.W_OK) else None


def take(export: Export, *, by: Any) -> tuple[SealedFile, Iterator[bytes]]:
    """Give out an export's file, once: when its last byte was taken it is deleted. Raises files.FileGone.

    A download that breaks off leaves the file where it is until it expires, so that a second try works.
    """
    if export.file is None or export.downloaded_at or export.progress != Export.Progress.DONE:
        raise files.FileGone
    content = files.read(export.file)
    audit.record(
        audit.Verb.DOWNLOADED, by=by, petition=export.petition_id, number=export.expected, purpose=export.purpose
    )
    return export.file, _once(export, export.file, content)


def _once(export: Export, file: SealedFile, content: Iterator[bytes]) -> Iterator[bytes]:
    yield from content
    Export.objects.filter(pk=export.pk).update(downloaded_at=timezone.now())
    SealedFile.objects.filter(pk=file.pk).delete()
