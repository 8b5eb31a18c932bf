"""Signatures that were collected elsewhere before, from a CSV file: checked row by row, sealed on the way in.

Running the same file again adds nobody twice: one address is one signature here too, and who withdrew stays away. What
the form does not ask for is left out, and a consent comes in with its words, or not at all. A dry run says what would
come of it and changes nothing. The uploaded file is kept sealed and is deleted when the import is done.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, tzinfo
from itertools import islice
from typing import Any, NamedTuple

import uuid_utils.compat as uuid
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from actions.rules import address
from actions.rules.cells import plain_cell
from actions.rules.dates import BadMoment, moment_of
from actions.rules.errors import BadAddress, BadText
from actions.rules.typed import clean

from . import audit, consents, work
from .addresses import digests_in
from .fields import told
from .models import ConsentText, Petition, Signature, SignatureImport, Signer, Withdrawal
from .own_keys import digest_secret_is_own
from .sealing import Person, seal
from .uploads import dialect_of, lines_of

BATCH = 500
KEPT_REFUSALS = 1000

FIELDS: dict[str, str | Promise] = {
    "name": _("Name"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "email": _("Email address"),
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
    "name": _("No name."),
    "email": _("No email address."),
    "undated": _("No date. Write it like 2019-05-31 or 31.5.2019."),
    "two_ways": _("A date that can be read in two ways, such as 05/06/2019. Write it like 2019-06-05 or 5.6.2019."),
    "serial": _(
        "A number instead of a date, as Excel keeps it. Give the column the format of a date, and save it anew."
    ),
    "short_year": _("A date without the century, such as 31.5.19. Write the year with four digits."),
    "future": _("A date in the future."),
    "after": _("After the end of the form."),
    "before": _("Before the opening of the form."),
    # Of reports from before:
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
    before: tuple[bytes, ...]  # the digests of versions of the canonical address from before
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
        good = _as_known(petition, [row for row in batch if isinstance(row, Row)])
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
    given = {field: plain_cell(text) for field, text in given.items()}
    name = given.get("name") or " ".join(filter(None, (given.get("first_name"), given.get("last_name"))))
    typed = {field: _typed(field, given.get(field, "")) for field in ("postcode", "phone", "place", "comment")}
    person = Person(name=_typed("name", name), email=_typed("email", given.get("email", "")), **typed)
    if not person.name or not person.email:
        raise Refusal("email" if person.name else "name")
    digest, *before = digests_in(petition, person.email)
    try:
        signed_at = moment_of(given.get("signed_at", ""), task.signed_on, zone)
    except BadMoment as error:
        raise Refusal(str(error)) from None
    if signed_at is None:
        raise Refusal("undated")
    if signed_at > timezone.now():
        raise Refusal("future")
    if petition.ends_at and signed_at >= petition.ends_at:
        raise Refusal("after")
    if petition.opens_at is None or signed_at < petition.opens_at:
        raise Refusal("before")
    country = given.get("country", "").upper()
    language = given.get("language", "").lower() or task.language
    return Row(
        person=person,
        digest=digest,
        before=tuple(before),
        language=language if language in dict(settings.LANGUAGES) else task.language,
        country=country if country in dict(countries) else "",
        signed_at=signed_at,
        consents=tuple(given.get(consent, "").lower() in YES for consent in CONSENTS),
    )


def _typed(field: str, value: str) -> str:
    """A value by the rule that holds for whoever types it (rules/typed.py)."""
    try:
        return clean(field, value)
    except BadText as error:
        sign = f" {ord(error.sign):X}" if error.sign else ""
        raise Refusal(f"{error.why} {field}{sign}") from None
    except BadAddress:
        raise Refusal("email") from None


def reason_of(why: str) -> str:
    """Why a row was refused, in the language at hand, with field and sign where it is one of those."""
    what, _space, rest = why.partition(" ")
    if not rest:
        return str(REASONS.get(why, why))
    field, _space, sign = rest.partition(" ")
    return told(BadText(what, chr(int(sign, 16)) if sign else ""), of=field, label=FIELDS[field])


def _as_known(petition: Petition, rows: list[Row]) -> list[Row]:
    """The rows, those with the digest from before whose address is there under it."""
    before = [digest for row in rows for digest in row.before]
    if not before:
        return rows
    signed = Signature.objects.filter(petition=petition, digest__in=before).values_list("digest", flat=True)
    left = Withdrawal.objects.filter(pk__in=before).values_list("pk", flat=True)
    known = {bytes(digest) for digest in [*signed, *left]}
    return [replace(row, digest=next((d for d in row.before if d in known), row.digest)) for row in rows]


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
