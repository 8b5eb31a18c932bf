"""A signature form's exports: asked for, built and taken once, over HTTP."""

import csv
import io

import pytest

from actions.signing.models import Export
from tests.backoffice.petition.screens import at, text
from tests.factories import PetitionFactory

pytestmark = pytest.mark.django_db

DATA = {"use": "claim", "format": "csv", "columns": ["name", "email"], "purpose": "newsletter", "state": "counted"}


def test_a_file_is_asked_for_built_and_taken_once(staff_client, petition, staff):
    assert staff_client.post(at(petition, "exports"), DATA).status_code == 302
    export = Export.objects.get()
    assert (export.by, export.expected, export.progress) == (staff, 3, "done")
    assert staff_client.get(at(petition, "export_progress", export.pk)).json()["percent"] == 100
    assert "Last ned" in text(staff_client.get(at(petition, "exports")))
    answer = staff_client.post(at(petition, "export_file", export.pk))
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert len(rows) == 4
    assert "no-store" in answer["Cache-Control"]
    again = staff_client.post(at(petition, "export_file", export.pk), follow=True)
    assert "er hentet før" in text(again)


@pytest.mark.parametrize("wrong", [{"purpose": ""}, {"columns": []}, {"columns": ["x"]}, {"format": "pdf"}])
def test_what_is_missing_gets_a_sentence_and_makes_nothing(staff_client, petition, wrong):
    answer = staff_client.post(at(petition, "exports"), DATA | wrong)
    assert answer.status_code == 200
    assert not Export.objects.exists()


def test_a_get_gives_out_nothing(staff_client, petition):
    staff_client.post(at(petition, "exports"), DATA)
    assert staff_client.get(at(petition, "export_file", Export.objects.get().pk)).status_code == 405


def test_another_forms_number_leads_nowhere(staff_client, petition):
    staff_client.post(at(petition, "exports"), DATA)
    other = PetitionFactory()
    assert staff_client.post(at(other, "export_file", Export.objects.get().pk), follow=True).status_code == 404
