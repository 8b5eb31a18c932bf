"""Files for spreadsheets and back, as staff see them: what is proposed and why, and why a row was refused."""

import html
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.signing.models import SignatureImport
from tests.factories import PetitionFactory

pytestmark = pytest.mark.django_db


def test_the_form_proposes_excel_and_says_why(staff_client):
    """Seen to fail: CSV was proposed, without a word."""
    body = html.unescape(staff_client.get(reverse("petition:exports", args=[PetitionFactory().pk])).content.decode())
    radios = re.findall(r'<input type="radio" name="format" value="(\w+)"([^>]*)>', body)
    assert [value for value, _rest in radios] == ["xlsx", "csv", "scsv"]
    assert [value for value, rest in radios if "checked" in rest] == ["xlsx"]
    assert "tar bort nullen i et postnummer som 0150" in body
    assert "CSV for Excel, med semikolon" in body


def test_the_import_says_in_words_what_is_wrong_with_a_row(staff, staff_client):
    """Seen to fail: one sentence for five faults."""
    report = [[2, "markup name 5B"], [3, "two_ways"], [4, "serial"], [5, "long comment"], [6, "text"], [7, "email"]]
    task = SignatureImport.objects.create(
        petition=PetitionFactory(), header=["a", "b"], mapping={}, language="nb", purpose="x", expected=1, by=staff,
        progress="done", finished_at=timezone.now(), refused=6, report=report, dry=True,
    )  # fmt: skip
    answer = staff_client.get(reverse("petition:import", args=[task.petition_id, task.pk]))
    body = html.unescape(answer.content.decode())
    for words in ("Navn: hakeparentesen [ kan ikke stå her", "05/06/2019", "slik Excel lagrer den",
                  "Kommentar: dette er for langt. Det er plass til 1000 tegn"):  # fmt: skip
        assert words in body
