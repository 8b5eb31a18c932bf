"""Exports: what is in the file, and that it is taken once. R20 is in tests/guarantees/test_exports.py."""

import csv
import io
from types import SimpleNamespace

import openpyxl
import pytest
from django.utils import translation

from actions.signing import exporting, files, work
from actions.signing.erase import erase_signature
from actions.signing.models import AuditRecord, Export, SealedChunk, SealedFile, Signature
from actions.signing.sign import sign
from tests.factories import PetitionFactory, answered, person

pytestmark = pytest.mark.django_db
PERSONAL = ["name", "email", "language", "contact_action"]


@pytest.fixture
def petition():
    petition = PetitionFactory(ask_country=True)
    for number in range(3):
        sign(petition=petition, person=person(number), language="nb", country="NO", contact_action=number == 1)
    return petition


def asked(petition, staff, columns=PERSONAL, format="csv", **criteria) -> Export:
    with translation.override("nb"):  # a request of staff
        return exporting.ask(
            petition=petition,
            format=format,
            columns=columns,
            criteria=criteria,
            purpose="newsletter",
            by=staff,
            use="claim",
        )


def content(export, staff) -> bytes:
    export.refresh_from_db()
    return b"".join(exporting.take(export, by=staff)[1])


def table(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_a_csv_holds_the_chosen_columns_in_their_order(petition, staff):
    answered(petition)
    export = asked(petition, staff, ["contact_action", "name", "nonsense", "email"])
    assert exporting.build(export.pk)
    rows = table(content(export, staff))
    assert rows[0] == ["Navn", "E-postadresse", "Kontakt om denne aksjonen"]
    assert rows[1:] == [["Kari Nordmann", f"signer{n}@example.org", "ja" if n == 1 else "nei"] for n in range(3)]


@pytest.mark.parametrize("before", ["nn", "en"])
def test_it_is_in_the_language_it_was_asked_for_in_whatever_the_worker_did_before(before, petition, staff):
    """Seen to fail: header and values came in the language of whatever the worker had done last."""
    answered(petition)
    export = asked(petition, staff, ["contact_action", "name"])
    with translation.override(before):
        assert exporting.build(export.pk)
        assert translation.get_language() == before
    rows = table(content(export, staff))
    assert rows[0] == ["Navn", "Kontakt om denne aksjonen"]
    assert {row[1] for row in rows[1:]} == {"ja", "nei"}


def test_a_workbook_says_the_same(petition, staff):
    export = asked(petition, staff, format="xlsx")
    assert exporting.build(export.pk)
    sheet = openpyxl.load_workbook(io.BytesIO(content(export, staff))).active
    rows = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert rows[1] == ["nb", "Kari Nordmann", "signer0@example.org", "nei"]
    assert len(rows) == 4


def test_the_filter_holds(petition, staff):
    signature = Signature.objects.filter(petition=petition).first()
    Signature.objects.filter(pk=signature.pk).update(state="held", language="en")
    export = asked(petition, staff, state="counted")
    assert export.expected == 2
    exporting.build(export.pk)
    assert len(table(content(export, staff))) == 3


def test_opening_is_one_record_and_without_persons_there_is_none(petition, staff):
    exporting.build(asked(petition, staff).pk)
    exporting.build(asked(petition, staff, ["language", "country"]).pk)
    verbs = list(AuditRecord.objects.about_signers().order_by("id").values_list("verb", "number", "actor_id"))
    assert verbs == [("export_asked", 3, staff.pk), ("exported", 3, staff.pk), ("export_asked", 3, staff.pk)]


def test_it_is_taken_once_and_a_broken_download_can_be_tried_again(petition, staff):
    export = asked(petition, staff)
    exporting.build(export.pk)
    export.refresh_from_db()
    _file, broken = exporting.take(export, by=staff)
    broken.close()  # the tab was closed before the first byte
    assert content(export, staff)
    assert not SealedFile.objects.exists()
    assert not SealedChunk.objects.exists()
    export.refresh_from_db()
    with pytest.raises(files.FileGone):
        exporting.take(export, by=staff)
    assert AuditRecord.objects.filter(verb="downloaded").count() == 2


def test_who_was_erased_is_an_empty_line(petition, staff):
    erase_signature(Signature.objects.filter(petition=petition).order_by("signed_at").first())
    export = asked(petition, staff)
    exporting.build(export.pk)
    assert table(content(export, staff))[1] == ["nb", "", "", ""]


def test_a_worker_killed_half_way_leaves_nothing_and_the_next_one_finishes(petition, staff, monkeypatch):
    """Seen to fail without deleting the file of the first try."""
    export = asked(petition, staff)
    monkeypatch.setattr(work, "SILENT", work.SILENT * 0)

    def killed(work, done):
        raise KeyboardInterrupt

    monkeypatch.setattr(exporting, "work", SimpleNamespace(run=work.run, advance=killed))
    with monkeypatch.context() as dead:
        dead.setattr(files.Writer, "__exit__", lambda *error: None)  # a killed process tidies nothing up
        with pytest.raises(KeyboardInterrupt):
            exporting.build(export.pk)
    assert SealedFile.objects.count() == 1
    monkeypatch.setattr(exporting, "work", work)
    export.refresh_from_db()
    assert export.progress == "running"
    assert list(work.forsaken(Export)) == [export.pk]
    assert exporting.build(export.pk)
    assert SealedFile.objects.count() == 1
    assert len(table(content(export, staff))) == 4


def test_work_that_is_overtaken_stops(petition, staff):
    export = asked(petition, staff)
    Export.objects.filter(pk=export.pk).update(progress="running", tries=2)
    export.progress, export.tries = "running", 1
    with pytest.raises(work.Overtaken):
        work.advance(export, 1)


def test_work_is_claimed_once(petition, staff):
    export = asked(petition, staff)
    done = []
    assert work.run(Export, export.pk, done.append)
    assert not work.run(Export, export.pk, done.append)
    assert len(done) == 1


def test_what_fails_is_noted_by_its_name_only(petition, staff, settings):
    export = asked(petition, staff)
    settings.SIGNER_MASTER_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]
    assert not exporting.build(export.pk)
    export.refresh_from_db()
    assert (export.progress, export.failed) == ("failed", "KeyLost")
    assert not SealedFile.objects.exists()


def test_a_workbook_that_was_left_lying_is_swept(tmp_path, monkeypatch):
    monkeypatch.setattr(exporting, "_memory", lambda: tmp_path)
    gone = tmp_path / f"{exporting.PREFIX}999999999-x"
    gone.mkdir()
    (gone / "rows").write_text("Kari")
    import os

    mine = tmp_path / f"{exporting.PREFIX}{os.getpid()}-x"
    mine.mkdir()
    assert exporting.sweep() == 1
    assert not gone.exists()
    assert mine.exists()
