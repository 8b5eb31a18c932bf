"""Bringing in earlier signatures: good and bad files, trial and import, twice the same file, and a killed worker."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from actions.signing import (
    consents,
    copies,
    counting,
    erase,
    importing,
    links,
    outbox,
    register,
    retention,
    uploads,
    work,
)
from actions.signing.models import (
    AuditRecord,
    ConsentRecord,
    ConsentText,
    OutboxMail,
    SealedFile,
    Signature,
    SignatureImport,
    Signer,
    Withdrawal,
)
from actions.signing.reading import open_recorded
from actions.signing.sign import sign
from actions.signing.uploads import BadFile
from tests.factories import PetitionFactory, person

pytestmark = pytest.mark.django_db

FILE = """Navn;E-post;Dato;Land;Nyheter
Ola Nordmann;ola@example.org;03.05.2019 14:30;no;ja
Kari Nordmann;kari@example.org;2019-05-04;SE;nei
Kari igjen;KARI+x@example.org;2019-05-05;SE;nei
;tom@example.org;2019-05-05;NO;nei
Per <b>;per@example.org;2019-05-05;NO;nei
Per;ikke en adresse;2019-05-05;NO;nei
Per;per@example.org;i går;NO;nei
Per;per@example.org;2999-01-01;NO;nei
Kort;linje
"""
BEGUN = datetime(2010, 1, 1, tzinfo=UTC)  # elsewhere, long before
WORDS = {
    "words_contact_other": "Send meg nytt om annet arbeid",
    "consents_recorded": "listene i arkivet, eske 12",
}
MAPPING = {"Navn": "name", "E-post": "email", "Dato": "signed_at", "Land": "country", "Nyheter": "contact_other"}


def kept(text: str | bytes = FILE):
    data = text if isinstance(text, bytes) else text.encode()
    return uploads.keep([data[start : start + 100] for start in range(0, len(data), 100)], name="old.csv")


def task(petition, staff, text: str | bytes = FILE, *, dry: bool = False, **changes) -> SignatureImport:
    file, upload = kept(text)
    values = {"mapping": MAPPING, "language": "nb", "purpose": "the old site", "expected": file.size, "by": staff}
    return SignatureImport.objects.create(
        petition=petition, file=file, header=upload.header, dry=dry, **(values | changes)
    )


def done(found: SignatureImport) -> SignatureImport:
    importing.carry_out(found.pk)
    found.refresh_from_db()
    assert found.progress == "done", found.failed
    return found


def test_rows_become_signatures_with_sealed_signers(staff):
    petition = PetitionFactory(opens_at=BEGUN, ask_country=True)
    found = done(task(petition, staff))
    assert (found.added, found.known, found.refused) == (2, 1, 6)
    assert found.report == [
        [5, "name"], [6, "markup name 3C"], [7, "email"], [8, "undated"], [9, "future"], [10, "columns"]
    ]  # fmt: skip
    assert counting.total(petition) == 2
    assert counting.counts(petition).agree
    ola = register.find(petition=petition, email="ola@example.org", by=staff, purpose="x")
    assert timezone.localtime(ola.signed_at).strftime("%d.%m.%Y %H:%M") == "03.05.2019 14:30"
    assert ola.country == "NO"
    assert not ola.signer.contact_other, "nobody said in which words"
    assert not ola.signer.hand_over_name
    assert open_recorded([ola], petition=petition)[ola.pk].name == "Ola Nordmann"


def test_the_copy_of_who_was_brought_in_says_who_vouches(staff):
    """Seen to fail: “The mailbox has answered: yes”, though nobody had written to it, and a raw time."""
    petition = PetitionFactory(opens_at=BEGUN, ask_country=True)
    done(task(petition, staff, **WORDS))
    (copy,) = erase.subject_access(email="ola@example.org", by=staff, purpose="x", language="nb")
    assert (copy["mailbox_has_answered"], copy["vouched_for_by_the_import"]) == (False, True)
    with translation.override("nb"):
        lines = dict(copies.readable(copy).lines)
    assert "T" not in lines[str(copies.LABELS["source"])][0].replace("the old site", "")


def test_nobody_gets_a_mail(staff):
    petition = PetitionFactory(opens_at=BEGUN, ask_country=True)
    done(task(petition, staff))
    assert not OutboxMail.objects.exists()
    assert outbox.remind() == 0


def test_the_same_file_again_adds_nobody(staff):
    """Seen to fail without `on conflict`."""
    petition = PetitionFactory(opens_at=BEGUN, ask_country=True)
    done(task(petition, staff))
    again = done(task(petition, staff))
    assert (again.added, again.known) == (0, 3)
    assert counting.total(petition) == 2


def test_a_trial_says_what_would_come_of_it_and_changes_nothing(staff):
    petition = PetitionFactory(opens_at=BEGUN, ask_country=True)
    sign(petition=petition, person=person(email="ola@example.org"), language="nb")
    found = done(task(petition, staff, dry=True, **WORDS))
    assert not ConsentText.objects.exists()
    assert (found.added, found.known, found.refused) == (1, 2, 6)
    assert counting.total(petition) == 1
    assert Signature.objects.count() == 1
    assert found.file is not None
    assert not AuditRecord.objects.about_signers().exists()


def test_the_file_is_deleted_when_the_import_is_done_and_the_import_is_recorded(staff):
    done(task(PetitionFactory(opens_at=BEGUN, ask_country=True), staff))
    assert not SealedFile.objects.exists()
    assert list(AuditRecord.objects.about_signers().order_by("id").values_list("verb", "number")) == [
        ("imported", 0),
        ("imported", 2),
    ]


def test_nothing_is_counted_at_or_after_the_end(staff):
    petition = PetitionFactory(opens_at=BEGUN, ended=True)
    petition.ends_at = timezone.now() - timedelta(days=2745)
    petition.save()
    rows = "Ola,ola@example.org,2999-01-01\nKari,kari@example.org,2026-01-01\nPer,per@example.org,2015-01-01\n"
    text = "name,email,date\n" + rows
    mapping = {"name": "name", "email": "email", "date": "signed_at"}
    found = done(task(petition, staff, text, mapping=mapping))
    assert (found.added, found.refused) == (1, 2)


def test_a_form_that_forgot_its_signers_takes_nothing(staff):
    petition = PetitionFactory(opens_at=BEGUN, ask_country=True)
    found = task(petition, staff)
    petition.public_key = petition.digest_salt = b""
    petition.save()
    importing.carry_out(found.pk)
    found.refresh_from_db()
    assert (found.progress, found.failed) == ("failed", "the signers of this form are forgotten")
    assert counting.total(petition) == 0


def test_days_and_languages_are_taken_from_the_choices_where_rows_say_nothing(staff):
    petition = PetitionFactory(opens_at=BEGUN, ask_country=True)
    text = "Fornavn,Etternavn,E-post,Språk\nOla,Nordmann,ola@example.org,en\nKari,Nordmann,kari@example.org,xx\n"
    mapping = {"Fornavn": "first_name", "Etternavn": "last_name", "E-post": "email", "Språk": "language"}
    done(task(petition, staff, text, mapping=mapping, signed_on=date(2020, 2, 29), language="nn"))
    assert set(Signature.objects.values_list("language", flat=True)) == {"en", "nn"}
    assert Signature.objects.first().signed_at.date() == date(2020, 2, 29)


@pytest.mark.parametrize(
    "data",
    [
        "Navn;E-post;Dato\nÅse Ærø;aase@example.org;2019-05-05\n".encode("cp1252"),
        "Navn;E-post;Dato\nÅse Ærø;aase@example.org;2019-05-05\n".encode("utf-8-sig"),
        'Navn,E-post,Dato\r\n"Åse Ærø",aase@example.org,2019-05-05\r\n'.encode(),
        "Navn\tE-post\tDato\nÅse Ærø\taase@example.org\t2019-05-05".encode(),
    ],
    ids=["windows-1252", "utf-8 with mark", "commas and CRLF", "tabs, no last line end"],
)
def test_files_are_read_however_they_were_saved(data, staff):
    petition = PetitionFactory(opens_at=BEGUN, ask_country=True)
    mapping = {"Navn": "name", "E-post": "email", "Dato": "signed_at"}
    found = done(task(petition, staff, data, mapping=mapping))
    assert found.added == 1
    signature = Signature.objects.select_related("signer").get()
    assert open_recorded([signature], petition=petition)[signature.pk].name == "Åse Ærø"


BAD = {
    "empty": b"",
    "no text": b"PK\x03\x04 a workbook",
    "no header": b"one column\nx\n",
}


@pytest.mark.parametrize("why", BAD)
def test_what_is_no_table_is_refused_and_not_kept(why):
    with pytest.raises(BadFile, match=why):
        kept(BAD[why])
    assert not SealedFile.objects.exists()


def test_what_is_too_large_is_refused_while_it_comes_in(monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST", 50)
    with pytest.raises(BadFile, match="too large"):
        kept()
    assert not SealedFile.objects.exists()


def test_columns_are_guessed_by_their_names():
    assert kept()[1].guess == {"Navn": "name", "E-post": "email", "Dato": "signed_at", "Land": "country"}


def test_a_killed_import_is_taken_up_and_ends_right(staff, monkeypatch):
    petition = PetitionFactory(opens_at=BEGUN, ask_country=True)
    lines = "\n".join(f"Navn {n};n{n}@example.org;2019-05-05;NO;nei" for n in range(30))
    found = task(petition, staff, "Navn;E-post;Dato;Land;Nyheter\n" + lines)
    monkeypatch.setattr(importing, "BATCH", 10)
    monkeypatch.setattr(work, "SILENT", timedelta(0))
    advance, calls = work.advance, []

    def killed(task, done):
        calls.append(done)
        if len(calls) == 2:
            raise KeyboardInterrupt
        advance(task, done)

    monkeypatch.setattr(work, "advance", killed)
    with pytest.raises(KeyboardInterrupt):
        importing.carry_out(found.pk)
    assert counting.total(petition) == 20
    done(found)
    assert counting.total(petition) == 30
    assert counting.counts(petition).agree


class TestConsents:
    def test_they_come_in_with_words_day_and_place(self, staff):
        """Seen to fail: a column of "ja" was enough, and nobody could say what it meant."""
        petition = PetitionFactory(opens_at=BEGUN)
        done(task(petition, staff, **WORDS))
        ola = Signature.objects.select_related("signer").get(signer__contact_other=True)
        row = ConsentRecord.objects.get()
        assert (row.signature_id, row.consent, row.given, row.way) == (ola.pk, "contact_other", True, "import")
        assert row.at == ola.signed_at
        assert row.consent_text.contact_other == WORDS["words_contact_other"]
        (told,) = consents.told(ola.pk)
        assert told["words"] == WORDS["words_contact_other"]
        source = importing.source_of(ola.signer)
        assert (source["from"], source["consents_recorded"]) == ("the old site", WORDS["consents_recorded"])

    def test_a_day_for_all(self, staff):
        done(task(PetitionFactory(opens_at=BEGUN), staff, **WORDS, consents_on=date(2019, 6, 1)))
        assert timezone.localtime(ConsentRecord.objects.get().at).date() == date(2019, 6, 1)

    @pytest.mark.parametrize("missing", ["words_contact_other", "consents_recorded"])
    def test_without_words_or_place_there_is_none_and_that_is_said(self, staff, missing):
        found = done(task(PetitionFactory(opens_at=BEGUN, ask_country=True), staff, **(WORDS | {missing: ""})))
        assert found.left_out == "contact_other"
        assert not ConsentRecord.objects.exists()
        assert not Signer.objects.filter(contact_other=True).exists()

    def test_no_name_is_handed_over(self, staff):
        """No form of ours has told them to whom."""
        done(task(PetitionFactory(opens_at=BEGUN), staff, **WORDS))
        assert not Signer.objects.filter(hand_over_name=True).exists()


EVERYTHING = """Navn;E-post;Dato;Land;Sted;Telefon;Postnr;Kommentar;Nyheter;Saken
Ola;ola@example.org;2019-05-04;NO;Oslo;22 00 00 00;0150;bor der;ja;ja
"""
ALL = MAPPING | {
    "Sted": "place", "Telefon": "phone", "Postnr": "postcode", "Kommentar": "comment", "Saken": "contact_action"
}  # fmt: skip


def test_only_what_the_form_asks_for_comes_in_and_the_rest_is_said(staff):
    """Seen to fail: telephone number and comment were stored by a form that asks for neither."""
    petition = PetitionFactory(opens_at=BEGUN, ask_postcode=True)
    for dry in (True, False):
        found = done(task(petition, staff, EVERYTHING, mapping=ALL, dry=dry, **WORDS))
        assert found.left_out == "country phone place comment contact_action"
    signature = Signature.objects.select_related("signer").get()
    assert signature.country == ""
    opened = open_recorded([signature], petition=petition)[signature.pk]
    assert (opened.postcode, opened.phone, opened.place, opened.comment) == ("0150", "", "", "")


def test_high_risk_mode_stays_what_it_is(staff):
    """Seen to fail: contact and handing over were true, and the comment was stored."""
    petition = PetitionFactory(opens_at=BEGUN, high_risk=True)
    words = {**WORDS, "words_contact_action": "x"}
    found = done(task(petition, staff, EVERYTHING, mapping=ALL, **words))
    assert found.left_out == "country postcode phone place comment contact_action contact_other"
    signature = Signature.objects.select_related("signer").get()
    signer = signature.signer
    assert (signer.contact_action, signer.contact_other, signer.show_name, signer.hand_over_name) == (False,) * 4
    opened = open_recorded([signature], petition=petition)[signature.pk]
    assert (opened.postcode, opened.phone, opened.place, opened.comment) == ("", "", "", "")


def test_nothing_from_before_the_opening(staff):
    """Seen to fail: it was counted."""
    petition = PetitionFactory(opens_at=datetime(2019, 5, 4, tzinfo=UTC))
    found = done(task(petition, staff))
    assert (found.added, found.report[0]) == (1, [2, "before"])
    assert counting.counts(petition).agree


def test_a_form_without_an_opening_takes_nothing(staff):
    found = task(PetitionFactory(draft=True), staff)
    importing.carry_out(found.pk)
    found.refresh_from_db()
    assert (found.progress, found.failed) == ("failed", "the form has no opening")


class TestWhoWithdrew:
    @pytest.fixture
    def petition(self):
        return PetitionFactory(opens_at=BEGUN)

    @pytest.fixture
    def gone(self, petition):
        sign(petition=petition, person=person(email="ola@example.org"), language="nb")
        signature = Signature.objects.get()
        links.withdraw(links.make_link(signature, with_code=False)[0])
        return signature

    @pytest.mark.parametrize("dry", [True, False], ids=["trial", "import"])
    def test_nobody_who_withdrew_is_brought_back_and_that_is_said(self, petition, gone, staff, dry):
        """Seen to fail: counted again a minute later, with consent to contact."""
        found = done(task(petition, staff, dry=dry, **WORDS))
        assert (found.added, found.known, found.withdrew, found.refused) == (1, 1, 1, 6)
        assert counting.total(petition) == (0 if dry else 1)

    def test_she_may_sign_again_herself(self, petition, gone, staff):
        sign(petition=petition, person=person(email="ola@example.org"), language="nb")
        assert counting.total(petition) == 1
        found = done(task(petition, staff))
        assert (found.added, found.known, found.withdrew) == (1, 2, 0)

    def test_who_never_confirmed_has_not_withdrawn(self):
        petition = PetitionFactory(high_risk=True)
        sign(petition=petition, person=person(), language="nb")
        OutboxMail.objects.update(sent_at=timezone.now() - timedelta(days=2))
        assert erase.forget_unconfirmed() == 1
        assert not Withdrawal.objects.exists()

    def test_the_mark_leads_to_nobody_and_goes_when_the_signers_are_forgotten(self, petition, gone):
        mark = Withdrawal.objects.get()
        gone.refresh_from_db()
        assert bytes(mark.digest) != bytes(gone.digest)
        assert {field.name for field in Withdrawal._meta.fields} == {"digest", "petition", "never", "taken"}
        retention.forget(petition=petition)
        assert not Withdrawal.objects.exists()
