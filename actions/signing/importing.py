"""Signatures that were collected elsewhere before, from a CSV file: checked row by row, sealed on the way in.

Running the same file again adds nobody twice: one address is one signature here too, and who withdrew stays away. What
the form does not ask for is left out, and a consent comes in with its words, or not at all. A dry run says what would
come of it and changes nothing. The uploaded file is kept sealed and is deleted when the import is done.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from itertools import islice
from typing import Any, NamedTuple

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

from . import audit, consents, work
from .fields import NameField
from .keys import address_digest
from .models import ConsentText, Petition, SignatureImport, Signer
from .own_keys import digest_secret_is_own
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
CONSENTS = ("contact_action", "contact_other")
REASONS: dict[str, str | Promise] = {
    "columns": _("Another number of columns than the first line."),
    "name": _("No name, or one with a link, markup or hidden characters."),
    "email": _("No e-mail address."),
    "signed_at": _("No date, or one in the future or after the end of the form."),
    "before": _("Before the opening of the form."),
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
    consents: tuple[bool, ...]  # as in CONSENTS


class Outcome(NamedTuple):
    """What became of a batch: how many were new, and how many had withdrawn before."""

    added: int
    withdrew: int


def asked(petition: Petition) -> set[str]:
    """Which of FIELDS a form takes: what it asks its own signers for, and what makes a signature."""
    optional = {
        "country": petition.ask_country,
        "postcode": petition.ask_postcode,
        "phone": petition.ask_phone,
        "comment": petition.ask_comment,
        "place": petition.asks_place,
        # Where risk is high nobody is written to, and the number alone is handed over.
        **dict.fromkeys(CONSENTS, not petition.high_risk),
    }
    return {field for field in FIELDS if optional.get(field, True)}


def words_of(task: SignatureImport) -> dict[str, str]:
    """What signers agreed to, by consent, as far as that was told: the words, and where it is recorded."""
    told = {consent: getattr(task, f"words_{consent}").strip() for consent in CONSENTS}
    taken = asked(task.petition)
    return {consent: text for consent, text in told.items() if text and task.consents_recorded and consent in taken}


def source_of(signer: Signer) -> dict[str, Any] | None:
    """Where the data of a signer came from, if not from the signer: for who asks what we hold."""
    if signer.imported_in_id is None:
        return None
    task = SignatureImport.objects.get(pk=signer.imported_in_id)
    return {"from": task.purpose, "brought_in_at": task.at.isoformat(), "consents_recorded": task.consents_recorded}


def carry_out(import_id: int) -> bool:
    """Try or do an import; returns whether it is done. May be called again after a worker was killed."""
    return work.run(SignatureImport, import_id, _carry_out)


def _carry_out(task: SignatureImport) -> None:
    if task.file is None:
        raise work.Refused("the file is gone")
    if not digest_secret_is_own():  # whoever is there already would be counted twice
        raise work.Refused("the secret is another database's")
    task.added = task.known = task.refused = task.withdrew = 0
    task.report = []
    petition = task.petition = Petition.objects.get(pk=task.petition_id)
    if not petition.public_key:
        raise work.Refused("the signers of this form are forgotten")
    if petition.opens_at is None:
        raise work.Refused("the form has no opening")
    words = words_of(task)
    taken = asked(petition) - set(CONSENTS) | set(words)
    task.left_out = " ".join(field for field in FIELDS if field in task.mapping.values() and field not in taken)
    if task.dry:
        _forget_tried()
    else:
        audit.record(audit.Verb.IMPORTED, by=task.by, petition=petition.pk, number=0, purpose=task.purpose)
    text = consents.record(language=task.language, **_every(words)) if words and not task.dry else None
    rows = _rows(task, petition, taken)
    figures = ["added", "known", "refused", "withdrew", "left_out", "report"]
    while batch := list(islice(rows, BATCH)):
        good = [row for row in batch if isinstance(row, Row)]
        outcome = _try(petition, good) if task.dry else _add(task, petition, text, good)
        task.added += outcome.added
        task.withdrew += outcome.withdrew
        task.known += len(good) - sum(outcome)
        task.save(update_fields=figures)
        work.advance(task, task.done)
    task.save(update_fields=figures)
    if task.dry:
        _forget_tried()
        return
    audit.record(audit.Verb.IMPORTED, by=task.by, petition=petition.pk, number=task.added, purpose=task.purpose)
    task.file.delete()


def _every(words: dict[str, str]) -> dict[str, str]:
    """The words of each consent, as a version is made of them; empty where nothing was told."""
    return {consent: words.get(consent, "") for consent in CONSENTS}


def _rows(task: SignatureImport, petition: Petition, taken: set[str]) -> Iterator[Row | None]:
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
    mapping = {column: field for column, field in task.mapping.items() if field in taken}
    places = {field: header.index(column) for column, field in mapping.items() if column in header}
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
    if petition.opens_at is None or signed_at < petition.opens_at:
        raise Refusal("before")
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
        consents=tuple(given.get(consent, "").lower() in YES for consent in CONSENTS),
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


def _add(task: SignatureImport, petition: Petition, text: ConsentText | None, rows: list[Row]) -> Outcome:
    """Store a batch."""
    if not rows:
        return Outcome(0, 0)
    ids = [uuid.uuid7() for _row in rows]
    on = datetime.combine(task.consents_on, time(12), timezone.get_default_timezone()) if task.consents_on else None
    with connection.cursor() as cursor:
        cursor.execute(
            "select * from actions_bring_in(%s, %s, %s::uuid[], %s::bytea[], %s, %s::text[], %s::text[], "
            "%s::timestamptz[], %s::bytea[], %s::boolean[], %s::boolean[], %s, %s)",
            [
                petition.pk,
                task.pk,
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
                *([row.consents[number] for row in rows] for number in range(len(CONSENTS))),
                text.pk if text else None,
                on,
            ],
        )
        added, withdrew = cursor.fetchone()
    if added is None:
        raise work.Refused("the signers of this form are forgotten")
    return Outcome(added, withdrew)


def _try(petition: Petition, rows: list[Row]) -> Outcome:
    """What would become of a batch; what was tried is remembered in a table of this session alone."""
    if not rows:
        return Outcome(0, 0)
    with connection.cursor() as cursor:
        cursor.execute("create temporary table if not exists tried (digest bytea primary key)")
        cursor.execute(
            """
            with fates as (
                select digest, fate from actions_fate(%s, %s::bytea[])
            ), new as (
                insert into tried select distinct digest from fates where fate = ''
                on conflict do nothing returning 1
            )
            select (select count(*) from new), (select count(*) from fates where fate = 'withdrew')
            """,
            [petition.pk, [row.digest for row in rows]],
        )
        return Outcome(*cursor.fetchone())


def _forget_tried() -> None:
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists tried")
