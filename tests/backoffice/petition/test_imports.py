"""A signature form's imports: looked at, tried and brought in, over HTTP."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from actions.rules.retention import LATEST
from actions.signing import counting, links
from actions.signing.models import ConsentRecord, Petition, Signature, SignatureImport
from actions.signing.sign import sign
from tests.backoffice.petition.screens import at, text
from tests.factories import person

pytestmark = pytest.mark.django_db


DAY = timezone.localdate() - timedelta(days=1)
FILE = f"Navn;E-post;Dato;Nyheter;Telefon\nOla;ola@example.org;{DAY};ja;1\nPer;x;{DAY};ja;1\n".encode()


def upload(staff_client, petition, data=FILE):
    file = SimpleUploadedFile("old.csv", data, content_type="text/csv")
    return staff_client.post(at(petition, "imports"), {"file": file, "purpose": "old site"}, follow=True)


MAPPED = {"column-0": "name", "column-1": "email", "column-2": "signed_at", "language": "nb"}


def test_a_file_is_looked_at_tried_and_brought_in(staff_client, petition):
    body = text(upload(staff_client, petition))
    assert "Hva kolonnene betyr" in body
    task = SignatureImport.objects.get()
    address = at(petition, "import", task.pk)
    body = text(staff_client.post(address, MAPPED | {"try": ""}, follow=True))
    assert "1 ny signatur" in body
    assert "Ingen e-postadresse" in body
    assert counting.total(petition) == 3
    body = text(staff_client.post(address, MAPPED | {"do": ""}, follow=True))
    assert counting.total(petition) == 4
    assert SignatureImport.objects.get().file is None
    assert staff_client.get(at(petition, "imports")).status_code == 200


CONSENTS = {
    "column-3": "contact_other",
    "words_contact_other": "Send meg nytt om annet arbeid",
    "consents_recorded": "Listene i arkivet, eske 12",
}


def test_consents_come_in_with_their_words_and_who_withdrew_stays_away(staff_client, petition):
    """Trial and import tell the same."""
    sign(petition=petition, person=person(email="ola@example.org"), language="nb")
    links.withdraw(links.make_link(Signature.objects.latest("pk"), with_code=False)[0])
    data = FILE + f"Liv;liv@example.org;{DAY};ja;22000000\n".encode()
    upload(staff_client, petition, data)
    address = at(petition, "import", SignatureImport.objects.get().pk)
    for button in ("try", "do"):
        body = text(staff_client.post(address, MAPPED | CONSENTS | {"column-4": "phone", button: ""}, follow=True))
        assert "1 ny signatur" in body
        assert "trakk seg tidligere: 1" in body
        assert "fordi skjemaet ikke spør etter det" in body
        assert "Telefonnummer" in body
    assert ConsentRecord.objects.get().consent_text.contact_other == CONSENTS["words_contact_other"]


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [("words_contact_other", "Skriv ordene de sa ja til"), ("consents_recorded", "Si hvor samtykkene er registrert")],
)
def test_consents_that_nobody_can_prove_get_a_sentence(staff_client, petition, missing, sentence):
    """Seen to fail: a column of consents was enough."""
    upload(staff_client, petition)
    address = at(petition, "import", SignatureImport.objects.get().pk)
    assert sentence in text(staff_client.post(address, MAPPED | CONSENTS | {missing: "", "do": ""}))
    assert counting.total(petition) == 3


def over(petition, **ago):
    """The petition, with its signers due to be forgotten some time ago."""
    day = timezone.now() - timedelta(**ago) - LATEST
    Petition.objects.filter(pk=petition.pk).update(opens_at=day - timedelta(days=30), ends_at=day)
    return (timezone.localtime(day) - timedelta(days=2)).date()


@pytest.mark.parametrize(
    ("ago", "warned"),
    [({"days": 3}, "glemt innen en time"), ({"days": -20}, "skal glemmes fra"), ({"days": -90}, "")],
)
def test_who_is_brought_in_to_be_forgotten_is_warned_of(staff_client, petition, ago, warned):
    """Seen to fail: they came in, and were gone within the hour without a word."""
    day = over(petition, **ago)
    upload(staff_client, petition, f"Navn;E-post;Dato\nOla;ola@example.org;{day}\n".encode())
    body = text(
        staff_client.post(at(petition, "import", SignatureImport.objects.get().pk), MAPPED | {"try": ""}, follow=True)
    )
    assert "1 ny signatur" in body
    if warned:
        assert warned in body
    else:
        assert "skal glemmes fra" not in body


@pytest.mark.parametrize(("ago", "refused"), [({"days": 3}, True), ({"days": -3}, True), ({"days": -20}, False)])
def test_consents_come_in_only_where_there_is_time_to_tell_of_them(staff_client, petition, ago, refused):
    """Seen to fail: a consent came in, was told to nobody, and was forgotten."""
    day = over(petition, **ago)
    upload(staff_client, petition, FILE.replace(str(DAY).encode(), str(day).encode()))
    address = at(petition, "import", SignatureImport.objects.get().pk)
    body = text(staff_client.post(address, MAPPED | CONSENTS | {"do": ""}, follow=True))
    assert ("Her kan ingen samtykker hentes inn" in body) == refused
    assert ConsentRecord.objects.exists() != refused


WRONG = [
    ({"column-1": ""}, "hvilken kolonne som har e-postadressen"),
    ({"column-0": ""}, "hvilken kolonne som har navnet"),
    ({"column-2": ""}, "tidspunktet"),
    ({"column-0": "email"}, "samme betydning"),
    ({"column-0": "nonsense"}, "gyldig"),
]


@pytest.mark.parametrize(("wrong", "sentence"), WRONG)
def test_columns_that_make_no_sense_get_a_sentence(staff_client, petition, wrong, sentence):
    upload(staff_client, petition)
    address = at(petition, "import", SignatureImport.objects.get().pk)
    assert sentence in text(staff_client.post(address, MAPPED | wrong | {"do": ""}))
    assert counting.total(petition) == 3


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"PK\x03\x04xx", "Dette er ingen CSV-fil"), (b"one\n", "Første linje må"), (b"  ", "tom")],
)
def test_a_wrong_file_gets_a_sentence(staff_client, petition, data, sentence):
    assert sentence in text(upload(staff_client, petition, data))
    assert not SignatureImport.objects.exists()


def test_a_file_can_be_deleted_instead(staff_client, petition):
    upload(staff_client, petition)
    task = SignatureImport.objects.get()
    staff_client.post(at(petition, "import_forget", task.pk))
    assert SignatureImport.objects.get().file is None
    assert "ikke lenger her" in text(staff_client.get(at(petition, "import", task.pk)))
