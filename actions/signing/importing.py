"""Signatures that were collected elsewhere before, from a CSV file: checked row by row, sealed on the way in.

Running the same file again adds nobody twice: one address is one signature here too. A dry run says what would come of
it and changes nothing. The uploaded file is kept sealed and is deleted when the import is done.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from itertools import islice

import uuid_utils.compat as uuid
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from actions.rules import address
from actions.rules.errors import BadAddress, BadText
from actions.rules.text import clean_line, clean_text

from . import audit, work
from .fields import NameField
from .keys import address_digest
from .models import Petition, SignatureImport
from .sealing import Person, seal
from .uploads import dialect_of, lines_of

BATCH = 500
KEPT_REFUSALS = 1000

FIELDS: dict[str, str | Promise] = {
    "name": _("Name"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "email": _("E-mail address"),
    "signed_at": _("Time of signing"),
    "country": _("Country (two letters)"),
    "language": _("Language"),
    "postcode": _("Postcode"),
    "phone": _("Telephone number"),
    "place": _("Place"),
    "comment": _("Comment"),
    "contact_action": _("Contact about this action (yes/no)"),
    "contact_other": _("Contact about other work (yes/no)"),
}
REASONS: dict[str, str | Promise] = {
    "columns": _("Another number of columns than the first line."),
    "name": _("No name, or one with a link, markup or hidden characters."),
    "email": _("No e-mail address."),
    "signed_at": _("No date, or one in the future or after the end of the form."),
    "text": _("A text with hidden characters, or too long."),
    "encoding": _("Characters that cannot be read."),
}
YES = {"1", "yes", "y", "true", "ja", "j", "x", "sant", "t"}


class Refusal(Exception):
    """Why a row is refused: a key of REASONS."""


@dataclass(frozen=True, repr=False)
class Row:
    """One signature as the file tells of it. Has no repr, so that no log can show it."""

    person: Person
    digest: bytes
    language: str
    country: str
    signed_at: datetime
    contact_action: bool
    contact_other: bool


def carry_out(import_id: int) -> bool:
    """Try or do an import; returns whether it is done. May be called again after a worker was killed."""
    return work.run(SignatureImport, import_id, _carry_out)


def _carry_out(task: SignatureImport) -> None:
    if task.file is None:
        raise work.Refused("the file is gone")
    task.added = task.known = task.refused = 0
    task.report = []
    petition = Petition.objects.get(pk=task.petition_id)
    if not petition.public_key:
        raise work.Refused("the signers of this form are forgotten")
    if task.dry:
        _forget_tried()
    else:
        audit.record(audit.Verb.IMPORTED, by=task.by, petition=petition.pk, number=0, purpose=task.purpose)
    rows = _rows(task, petition)
    while batch := list(islice(rows, BATCH)):
        good = [row for row in batch if isinstance(row, Row)]
        added = _try(petition, good) if task.dry else _add(petition, good)
        task.added += added
        task.known += len(good) - added
        task.save(update_fields=["added", "known", "refused", "report"])
        work.advance(task, task.done)
    task.save(update_fields=["added", "known", "refused", "report"])
    if task.dry:
        _forget_tried()
        return
    audit.record(audit.Verb.IMPORTED, by=task.by, petition=petition.pk, number=task.added, purpose=task.purpose)
    task.file.delete()


def _rows(task: SignatureImport, petition: Petition) -> Iterator[Row | None]:
    """The rows of the file; None for one that was refused, which is noted."""
    assert task.file is not None  # noqa: S101 (looked at by the caller)
    lines = lines_of(task)
    head = next(lines, "")
    dialect = dialect_of(head)

    def again() -> Iterator[str]:
        yield head
        yield from lines

    reader = csv.reader(again(), dialect)
    header = [cell.strip()[:80] for cell in next(reader, [])]
    places = {field: header.index(column) for column, field in task.mapping.items() if column in header}
    zone = timezone.get_default_timezone()
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            _refuse(task, reader.line_num, "columns")
            yield None
            continue
        if not any(cell.strip() for cell in cells):
            continue
        try:
            if len(cells) != len(header):
                raise Refusal("columns")
            yield _row({field: cells[at].strip() for field, at in places.items()}, task, petition, zone)
        except Refusal as refusal:
            _refuse(task, reader.line_num, str(refusal))
            yield None


def _refuse(task: SignatureImport, line: int, why: str) -> None:
    task.refused += 1
    if len(task.report) < KEPT_REFUSALS:
        task.report.append([line, why])


def _row(given: dict[str, str], task: SignatureImport, petition: Petition, zone: tzinfo) -> Row:
    name = given.get("name") or " ".join(filter(None, (given.get("first_name"), given.get("last_name"))))
    try:
        name = NameField().clean(name)
    except ValidationError:
        raise Refusal("name") from None
    try:
        email = address.deliverable(given.get("email", ""))
        canonical = address.canonical(email)
    except BadAddress:
        raise Refusal("email") from None
    signed_at = _moment(given.get("signed_at", ""), task.signed_on, zone)
    if signed_at is None or signed_at > timezone.now() or (petition.ends_at and signed_at >= petition.ends_at):
        raise Refusal("signed_at")
    country = given.get("country", "").upper()
    language = given.get("language", "").lower() or task.language
    return Row(
        person=Person(
            name=name,
            email=email,
            postcode=_line(given.get("postcode", ""), 12),
            phone=_line(given.get("phone", ""), 30),
            place=_line(given.get("place", ""), 60),
            comment=_lines(given.get("comment", ""), 1000),
        ),
        digest=address_digest(salt=bytes(petition.digest_salt), canonical_address=canonical),
        language=language if language in dict(settings.LANGUAGES) else task.language,
        country=country if country in dict(countries) else "",
        signed_at=signed_at,
        contact_action=given.get("contact_action", "").lower() in YES,
        contact_other=given.get("contact_other", "").lower() in YES,
    )


def _moment(text: str, day: date | None, zone: tzinfo) -> datetime | None:
    """An instant from ISO 8601 or from day.month.year, with or without a time; noon where only a day is known."""
    if not text:
        return datetime.combine(day, time(12), zone) if day else None
    try:
        at = parse_datetime(text)
        if at is None and (only := parse_date(text)):
            at = datetime.combine(only, time(12))
    except ValueError:
        return None
    for form in ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y"):
        if at is not None:
            break
        try:
            at = datetime.strptime(text, form)  # noqa: DTZ007 (the zone is given below)
        except ValueError:
            continue
        if form == "%d.%m.%Y":
            at = at.replace(hour=12)
    if at is None:
        return None
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _line(text: str, longest: int) -> str:
    try:
        text = clean_line(text)
    except BadText:
        raise Refusal("text") from None
    if len(text) > longest:
        raise Refusal("text")
    return text


def _lines(text: str, longest: int) -> str:
    try:
        return clean_text(text)[:longest]
    except BadText:
        raise Refusal("text") from None


def _add(petition: Petition, rows: list[Row]) -> int:
    """Store a batch; returns how many were new."""
    if not rows:
        return 0
    ids = [uuid.uuid7() for _row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            "select actions_import(%s, %s::uuid[], %s::bytea[], %s, %s::text[], %s::text[], %s::timestamptz[], "
            "%s::bytea[], %s::boolean[], %s::boolean[])",
            [
                petition.pk,
                ids,
                [row.digest for row in rows],
                address.VERSION,
                [row.language for row in rows],
                [row.country for row in rows],
                [row.signed_at for row in rows],
                [
                    seal(person=row.person, signature_id=pk, petition=petition)
                    for pk, row in zip(ids, rows, strict=True)
                ],
                [row.contact_action for row in rows],
                [row.contact_other for row in rows],
            ],
        )
        (added,) = cursor.fetchone()
    if added < 0:
        raise work.Refused("the signers of this form are forgotten")
    return added


def _try(petition: Petition, rows: list[Row]) -> int:
    """How many of a batch would be new; what was tried is remembered in a table of this session alone."""
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("create temporary table if not exists tried (digest bytea primary key)")
        cursor.execute(
            """
            insert into tried select distinct digest from unnest(%s::bytea[]) as g (digest)
            where not exists (select from actions_signature s where s.petition_id = %s and s.digest = g.digest)
            on conflict do nothing
            """,
            [[row.digest for row in rows], petition.pk],
        )
        return cursor.rowcount


def _forget_tried() -> None:
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists tried")
