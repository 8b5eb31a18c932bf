"""Forty people of all kinds: through form, page, PDF, CSV and import, and nothing is lost, added or shown too much."""

import csv
import html
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from actions.delivery.package import TEMPLATE
from actions.rules.pdf import NoTypeface, typeset
from actions.signing import exporting, importing, names, uploads
from actions.signing.models import PublicName, Signature, SignatureImport, Signer
from actions.signing.reading import open_recorded
from tests.factories import PetitionFactory, action, answered
from tests.people import PEOPLE

pytestmark = pytest.mark.django_db
ASKED = {"ask_postcode": True, "ask_phone": True, "ask_comment": True, "show_names": True}
COLUMNS = ["name", "email", "postcode", "place", "phone", "comment", "signed_at"]


@pytest.fixture
def petition():
    return PetitionFactory(opens_at=datetime(2019, 1, 1, tzinfo=UTC), **ASKED)


@pytest.fixture
def page(site, petition):
    return action(site, petition)


@pytest.fixture
def signed(client, page, petition):
    """All forty, by the form itself, each with a name to be shown, and with a mailbox that has answered."""
    for number, person in enumerate(PEOPLE):
        given = {
            "name": person.typed, "email": f"p{number}@example.org\u200b", "place": person.place,
            "postcode": person.postcode, "phone": person.phone, "comment": f"شكرا\u200f! {number}",
            "show_name": "on", "shown_name": person.shown,
        }  # fmt: skip
        answer = client.post(page.get_url(), given)
        assert answer.status_code == 303, (person.name, re.findall(r"field__error.*", answer.content.decode()))
    answered()
    return opened(petition)


def opened(petition):
    rows = list(Signature.objects.filter(petition=petition).select_related("signer").order_by("signed_at", "pk"))
    people = open_recorded(rows, petition=petition)
    return [people[row.pk] for row in rows]


def test_the_form_keeps_what_was_meant(signed):
    assert [person.name for person in signed] == [person.name for person in PEOPLE]
    assert [person.shown_name for person in signed] == [person.shown for person in PEOPLE]
    assert {person.postcode for person in signed} == {"0150"}
    assert {person.comment for person in signed} == {f"شكرا! {number}" for number in range(40)}
    left = [
        mark for person in signed for mark in ("\\u200b", "\\u200f", "\\u202", "\\u206") if mark in str(vars(person))
    ]
    assert not left


def test_the_page_shows_what_each_has_written_for_it_and_nothing_else_of_a_name(signed, client, page, petition):
    """Seen to fail: whole names without a space, family names before commas, titles."""
    assert names.prepare(timezone.now()) == 40
    assert sorted(PublicName.objects.values_list("first_name", flat=True)) == sorted(p.shown for p in PEOPLE)
    PublicName.objects.update(shown_from=timezone.now() - timedelta(minutes=1))
    body = client.get(page.get_url()).content.decode()
    shown = re.search(r'<ul class="names__list">(.*?)</ul>', body, re.S)[1]
    lines = sorted(html.unescape(line) for line in re.findall(r"<li>(.*?)</li>", shown))
    assert lines == sorted(f"{person.shown}, {kept.place}" for person, kept in zip(PEOPLE, signed, strict=True))


TOLD = {
    "title": "Underskrifter", "language": "nb", "dir": "ltr", "footer": "x", "place_and_day": "x", "cover": [],
    "demands": [],
    "sender": [], "letter": None, "sums_heading": "x", "sums": [], "fingerprint_heading": "x", "fingerprint_text": "x",
    "fingerprint": "x", "demands_heading": "x", "letter_heading": "x",
}  # fmt: skip


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name)
def test_a_pdf_holds_a_name_or_says_that_it_has_no_letters_for_it(person):
    """Never boxes: scripts that Typst has no typeface for are refused by it."""
    refused = ""
    try:
        made = typeset(TEMPLATE, told=TOLD | {"recipients": [[person.name, person.shown]]})
    except NoTypeface as error:
        refused, made = error.text, b""
    assert made.startswith(b"%PDF") or (refused in f"{person.name} {person.shown}" and not refused.isascii())


@pytest.mark.parametrize("format", ["csv", "scsv"])
def test_a_csv_file_brings_all_of_them_into_another_form_as_they_were(signed, petition, staff, format):
    export = exporting.ask(
        petition=petition, format=format, columns=COLUMNS, criteria={}, purpose="x", by=staff, use="claim"
    )
    assert exporting.build(export.pk)
    export.refresh_from_db()
    assert export.file.name.endswith(".csv")
    data = b"".join(exporting.take(export, by=staff)[1])
    assert "'+47 912 34 567" in data.decode(), "no spreadsheet takes it for a formula"
    columns = [name for name in exporting.COLUMNS if name in COLUMNS]
    between = {"csv": ",", "scsv": ";"}[format]
    header = next(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=between))
    file, upload = uploads.keep([data], name="old.csv")
    other = PetitionFactory(opens_at=datetime(2019, 1, 1, tzinfo=UTC), **ASKED)
    task = SignatureImport.objects.create(
        petition=other, file=file, header=upload.header, mapping=dict(zip(header, columns, strict=True)), language="nb",
        purpose="x", expected=file.size, by=staff, dry=False,
    )  # fmt: skip
    importing.carry_out(task.pk)
    task.refresh_from_db()
    assert (task.added, task.refused, task.report) == (40, 0, [])
    kept = [(p.name, p.email, p.postcode, p.place, p.phone, p.comment) for p in signed]
    assert sorted((p.name, p.email, p.postcode, p.place, p.phone, p.comment) for p in opened(other)) == sorted(kept)
    assert not Signer.objects.filter(signature__petition=other, show_name=True).exists()


def test_the_import_refuses_what_the_form_refuses_and_names_it(staff):
    """Seen to fail: “No name, or one with a link, markup or hidden characters.”, whichever it was."""
    rows = "\n".join(
        f"{name},p{number}@example.org,2019-05-05,{comment}"
        for number, (name, comment) in enumerate(
            [("Kari [Kaja] N.", ""), ("Ka\u202eri", ""), ("12345", ""), ("K" * 101, ""), ("Kari", "c" * 1001), ("", "")]
        )
    )
    file, upload = uploads.keep([f"Navn,E-post,Dato,Kommentar\n{rows}\n".encode()], name="old.csv")
    petition = PetitionFactory(opens_at=datetime(2019, 1, 1, tzinfo=UTC), ask_comment=True)
    mapping = {"Navn": "name", "E-post": "email", "Dato": "signed_at", "Kommentar": "comment"}
    task = SignatureImport.objects.create(
        petition=petition, file=file, header=upload.header, mapping=mapping, language="nb", purpose="x",
        expected=file.size, by=staff, dry=True,
    )  # fmt: skip
    importing.carry_out(task.pk)
    task.refresh_from_db()
    assert [why for _line, why in task.report] == [
        "markup name 5B", "turn name 202E", "letters name", "long name", "long comment", "name"
    ]  # fmt: skip
    told = [importing.reason_of(why) for _line, why in task.report]
    assert [word in line for word, line in zip(("[", "U+202E", "", "100", "1000"), told, strict=False)] == [True] * 5
    assert len(set(told)) == 6
