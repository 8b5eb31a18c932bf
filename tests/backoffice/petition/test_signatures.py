"""A signature form's register: a list that names nobody, and names opened with a purpose, over HTTP."""

import pytest

from actions.signing.models import AuditRecord
from tests.backoffice.petition.screens import at, text

pytestmark = pytest.mark.django_db


def test_a_list_names_nobody(staff_client, petition):
    body = text(staff_client.get(at(petition, "signatures")))
    assert "4 signaturer" in body
    assert "Nordmann" not in body
    assert not AuditRecord.objects.about_signers().exists()


def test_filters_are_in_the_address(staff_client, petition):
    body = text(staff_client.get(at(petition, "signatures"), {"state": "held", "language": "en"}))
    assert "1 signatur<" in body or ">1 signatur" in body
    answer = staff_client.get(at(petition, "signatures"), {"first_day": "2099-01-01"})
    assert "Ingen signatur passer" in text(answer)


@pytest.mark.parametrize("wrong", [{"state": "x"}, {"first_day": "x"}, {"country": "'"}, {"older": "%00"}])
def test_a_wrong_filter_breaks_nothing(staff_client, petition, wrong):
    assert staff_client.get(at(petition, "signatures"), wrong).status_code == 200


def test_names_are_opened_with_a_purpose_and_one_record(staff_client, petition):
    answer = staff_client.post(at(petition, "signatures"), {"open": "", "names-purpose": ""})
    assert "Nordmann" not in text(answer)
    answer = staff_client.post(at(petition, "signatures"), {"open": "", "names-purpose": "case 7"})
    assert "Kari Nordmann" in text(answer)
    assert "no-store" in answer["Cache-Control"]
    assert list(AuditRecord.objects.about_signers().values_list("verb", "number", "purpose")) == [
        ("opened", 4, "case 7")
    ]


def test_an_address_is_looked_for(staff_client, petition):
    data = {"search": "", "search-purpose": "case 7"}
    answer = staff_client.post(at(petition, "signatures"), data | {"search-email": "signer1@example.org"})
    assert "Den skrev under" in text(answer)
    answer = staff_client.post(at(petition, "signatures"), data | {"search-email": "nobody@example.org"})
    assert "har ikke skrevet under her" in text(answer)
    assert staff_client.post(at(petition, "signatures"), data | {"search-email": "x"}).status_code == 200


def test_without_the_key_there_is_a_sentence(staff_client, petition, settings):
    settings.SIGNER_MASTER_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]
    answer = staff_client.post(at(petition, "signatures"), {"open": "", "names-purpose": "case 7"})
    assert "En nøkkel mangler" in text(answer)
