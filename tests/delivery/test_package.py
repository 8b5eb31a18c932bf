"""The package of a delivery: what is in it, what is not, and the proof that it is the one that was counted (H1, H2)."""

import csv
import io
import json
import zipfile
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from actions.backoffice.package_words import tell
from actions.delivery import package, verify
from actions.delivery.deliver import deliver
from actions.delivery.models import DeliveredSignature
from actions.pages.words import words_in_force
from actions.rules.errors import ChangeRefused
from actions.signing import files
from actions.signing.counting import add_paper
from actions.signing.erase import erase_signature
from actions.signing.models import AuditRecord, Signature
from actions.signing.sign import sign
from tests.factories import PetitionFactory, RecipientFactory, action, addressed, answered, person, stream, told
from tests.pdf_structure import rows

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 3)


@pytest.fixture
def petition(site):
    recipient = RecipientFactory()
    petition = addressed(PetitionFactory(ask_country=True), recipient)
    body = [
        ("demands", {"heading": "Vi krever", "demands": ["at leirene stenges", "at fangene slippes fri"]}),
        ("letter", {"heading": "Brevet", "recipient": recipient.pk, "language": "en", "text": "Close them.\n\nNow."}),
    ]
    from actions.pages.action import ActionPage

    action(site, petition, body=stream(ActionPage, "body", body))
    notice = told(petition, "country")
    for number in range(5):
        sign(
            petition=petition,
            person=person(number, name=f"Navn {'abcde'[number]}", comment="secret words"),
            language="en" if number else "nb",
            country="NO",
            hand_over_notice=notice if number != 4 else None,
        )
    answered(petition)
    return petition


def handed_over(petition, staff, **changes):
    values = {"recipients": [r.recipient for r in petition.addressees.all()], "delivered_on": DAY, "by": staff}
    return deliver(petition=petition, words=words_in_force(petition), **(values | changes))


def built(delivery, staff, *, format="csv", language="nb", level="country") -> bytes:
    wanted = package.ask(delivery=delivery, language=language, format=format, level=level, by=staff)
    assert package.build(wanted.pk, tell)
    wanted.refresh_from_db()
    return b"".join(package.take(wanted, by=staff)[1])


def parts(data: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    return {name: archive.read(name) for name in archive.namelist()}


def wrong(data: bytes) -> list[str]:
    return [check.what for check in verify.verify(io.BytesIO(data)) if not check.right]


def again(found: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in found.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_a_package_holds_letter_list_and_manifest(petition, staff):
    found = parts(built(handed_over(petition, staff), staff))
    assert set(found) == {"letter.pdf", "signatures.csv", "manifest.json"}
    assert found["letter.pdf"].startswith(b"%PDF")
    rows = list(csv.reader(io.StringIO(found["signatures.csv"].decode("utf-8-sig"))))
    assert rows[0] == ["Navn", "Land"]
    assert sorted(row[0] for row in rows[1:]) == ["Navn a", "Navn b", "Navn c", "Navn d"]
    manifest = json.loads(found["manifest.json"])
    assert manifest["signatures"] == {"online": 5, "paper": 0, "total": 5}
    assert manifest["listed_by_name"] == 4
    assert manifest["by_language"] == {"en": 4, "nb": 1}
    assert manifest["by_country"] == {"NO": 5}


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_cell_of_the_covers_tables_has_a_name(petition, staff, language):
    """Seen to fail: empty headings of columns, and no headings of rows."""
    found = rows(parts(built(handed_over(petition, staff), staff, language=language))["letter.pdf"])
    headings = [row for row in found if row[0].scope == "/Column"]
    lines = [row for row in found if row not in headings]
    assert len(headings) >= 3
    assert lines
    assert all(cell.has_content for row in found for cell in row)
    assert {(cell.kind, cell.scope) for row in headings for cell in row} == {("/TH", "/Column")}
    assert {tuple(cell.kind for cell in row) for row in lines} == {("/TH", "/TD")}
    assert {row[0].scope for row in lines} == {"/Row"}


def test_no_address_and_no_comment_is_ever_handed_over(petition, staff):
    for content in parts(built(handed_over(petition, staff), staff, level="place")).values():
        assert b"example.org" not in content.replace(b"personvern@example.org", b"")
        assert b"secret words" not in content


@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_package_is_proved_in_every_format_and_language(petition, staff, format, language):
    assert wrong(built(handed_over(petition, staff), staff, format=format, language=language)) == []


@pytest.mark.parametrize(
    ("language", "header"), [("nb", ["Navn", "Land"]), ("nn", ["Namn", "Land"]), ("en", ["Name", "Country"])]
)
def test_the_list_is_in_the_language_of_the_package_whatever_the_worker_did_before(petition, staff, language, header):
    """Seen to fail: a package in Bokmål or English had the header in Nynorsk."""
    with translation.override("en" if language == "nn" else "nn"):
        found = parts(built(handed_over(petition, staff), staff, language=language))
    rows = list(csv.reader(io.StringIO(found["signatures.csv"].decode("utf-8-sig"))))
    assert rows[0] == header


def test_a_package_without_a_list_holds_the_number_only(petition, staff):
    data = built(handed_over(petition, staff), staff, level="number")
    assert set(parts(data)) == {"letter.pdf", "manifest.json"}
    assert wrong(data) == []


def test_whatever_is_changed_is_found(petition, staff):
    """Seen to fail without each of the checks."""
    delivery = handed_over(petition, staff)
    data = built(delivery, staff)
    found = parts(data)
    changed = found | {"signatures.csv": found["signatures.csv"].replace(b"Navn a", b"Navn x")}
    assert wrong(again(changed)) == ["signatures.csv is what the manifest says"]
    assert wrong(again(found | {"more.txt": b""})) == ["no file is missing or added"]
    manifest = json.loads(found["manifest.json"]) | {"fingerprint": "0" * 64}
    forged = again(found | {"manifest.json": json.dumps(manifest).encode()})
    assert wrong(forged) == ["the manifest is one that was built here", "the fingerprint is the delivery's"]
    DeliveredSignature.objects.filter(delivery=delivery).first().delete()
    assert wrong(data) == ["the fingerprint is that of the frozen set"]


def test_the_command_proves_and_refuses(petition, staff, tmp_path, capsys):
    file = tmp_path / "package.zip"
    file.write_bytes(built(handed_over(petition, staff), staff))
    call_command("verify_delivery", str(file))
    assert "the one that was counted" in capsys.readouterr().out
    file.write_bytes(again(parts(file.read_bytes()) | {"more.txt": b""}))
    with pytest.raises(CommandError, match="1 things are wrong"):
        call_command("verify_delivery", str(file))
    file.write_bytes(b"no zip")
    with pytest.raises(CommandError, match="no package"):
        call_command("verify_delivery", str(file))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_delivery", str(tmp_path / "nothing"))


def test_who_is_erased_afterwards_is_missing_from_the_list_and_nothing_else_changes(petition, staff):
    delivery = handed_over(petition, staff)
    erase_signature(Signature.objects.filter(petition=petition, language="nb").get())
    data = built(delivery, staff)
    assert b"Navn a" not in parts(data)["signatures.csv"]
    assert json.loads(parts(data)["manifest.json"])["signatures"]["total"] == 5
    assert wrong(data) == []


def test_opening_for_a_package_and_taking_it_are_recorded(petition, staff):
    built(handed_over(petition, staff), staff)
    assert list(AuditRecord.objects.about_signers().order_by("id").values_list("verb", "number")) == [
        ("packed", 5),
        ("downloaded", 5),
    ]


def test_the_cut_off_leaves_later_ones_for_the_next_delivery(petition, staff):
    ordered = list(Signature.objects.filter(petition=petition).order_by("signed_at"))
    first = handed_over(petition, staff, signed_before=ordered[2].signed_at)
    assert first.signatures == 2
    second = handed_over(petition, staff)
    assert second.signatures == 3
    assert first.fingerprint != second.fingerprint


def test_a_set_is_handed_over_again_only_when_asked(petition, staff):
    first = handed_over(petition, staff)
    with pytest.raises(ChangeRefused):
        handed_over(petition, staff)
    with pytest.raises(ChangeRefused):
        handed_over(petition, staff, repeats=[first])
    sign(petition=petition, person=person(77), language="nb")
    second = handed_over(petition, staff, repeats=[first])
    assert second.signatures == 6
    assert wrong(built(second, staff)) == []
    assert json.loads(parts(built(second, staff))["manifest.json"])["by_language"] == {"en": 4, "nb": 2}


def test_the_words_are_those_of_the_day_of_the_hand_over(petition, staff):
    delivery = handed_over(petition, staff)
    page = petition.action_pages.get()
    page.title = "Noe annet"
    page.save_revision().publish()
    told = tell(delivery, "nb", package.sums_of(delivery))
    assert told["title"] == "Fengslet uten dom"
    assert told["demands"] == ["at leirene stenges", "at fangene slippes fri"]
    assert told["letter"]["paragraphs"] == ["Close them.", "Now."]


def test_paper_is_told_apart(petition, staff, django_user_model):
    from actions.delivery import paper

    second = django_user_model.objects.create_user("second", password="a long password here")
    batch = paper.enter(petition=petition, place="x", collected_on=DAY, number=12, by=staff)
    paper.confirm(batch=batch, by=second)
    delivery = handed_over(petition, staff)
    assert delivery.number == 17
    told = tell(delivery, "en", package.sums_of(delivery))
    assert "5 of them signed online and 12 on paper." in told["cover"]


def test_a_letter_in_a_script_without_a_typeface_is_left_out_rather_than_printed_as_boxes(petition, staff):
    delivery = handed_over(petition, staff)
    words = delivery.words
    words["nb"]["letter"]["paragraphs"] = ["ᚠᚢᚦᚨᚱᚲ 你好"]
    delivery.save(update_fields=["words"])
    assert wrong(built(delivery, staff)) == []


def test_an_expired_package_is_gone_and_can_be_made_again(petition, staff):
    delivery = handed_over(petition, staff)
    wanted = package.ask(delivery=delivery, language="nb", format="csv", level="country", by=staff)
    package.build(wanted.pk, tell)
    wanted.refresh_from_db()
    wanted.file.delete()
    wanted.refresh_from_db()
    with pytest.raises(files.FileGone):
        package.take(wanted, by=staff)
    assert wrong(built(delivery, staff)) == []


def test_shown_paper_alone_is_no_delivery(petition, staff):
    handed_over(petition, staff)
    add_paper(petition, 5)  # shown, but in no batch
    with pytest.raises(ChangeRefused):
        handed_over(petition, staff)
