"""A signature form's imports: looked at, tried and brought in, over HTTP."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from actions.signing import counting
from actions.signing.models import SignatureImport
from tests.backoffice.petition.screens import at, text

pytestmark = pytest.mark.django_db


def upload(staff_client, petition, data=b"Navn;E-post;Dato\nOla;ola@example.org;2026-01-01\nPer;x;2026-01-01\n"):
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
