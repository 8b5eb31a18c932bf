"""From paper to the form: what is printed says where it is, and a telephone reads it."""

import pytest

from actions.pages import on_paper, sheet
from actions.rules.source import clean_source
from actions.signing.models import SourceTally
from home.pages import ContentPage
from tests.factories import PetitionFactory, action, publish
from tests.home.reading import elements

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn(monkeypatch):
    """The addresses that were drawn."""
    asked = []
    on_paper._drawn.cache_clear()
    whole = on_paper.segno.make_qr
    monkeypatch.setattr(
        on_paper.segno, "make_qr", lambda address, **how: asked.append(address) or whole(address, **how)
    )
    return asked


def test_an_open_action_prints_where_to_sign(drawn, client, site):
    """Seen to fail on the code of before: an empty box, and no address anywhere."""
    page = action(site, PetitionFactory())
    answer = client.get(page.get_url())
    assert drawn == [f"{page.get_full_url()}?s=plakat#sign"]
    assert len(elements(answer, "svg", "on-paper__sign")) == 1
    [text] = [one.text for one in elements(answer, "p", "on-paper__sign")]
    assert text == f"Skriv under her{page.get_full_url().removeprefix('http://').rstrip('/')}"


def test_who_comes_from_paper_is_counted(client, site):
    page = action(site, PetitionFactory())
    assert clean_source(on_paper.SOURCE) == on_paper.SOURCE
    sent = {"name": "Kari Nordmann", "email": "kari@example.org"}
    client.post(f"{page.get_url()}?s={on_paper.SOURCE}", sent, headers={"Sec-Fetch-Site": "same-origin"})
    assert SourceTally.objects.get().source == on_paper.SOURCE


@pytest.mark.parametrize("state", ["ended", "scheduled"])
def test_what_cannot_be_signed_prints_its_address_alone(state, client, site):
    answer = client.get(action(site, PetitionFactory(**{state: True})).get_url())
    assert elements(answer, "svg") == []
    assert len([one for one in elements(answer, "p") if one.attrs.get("class") == "on-paper"]) == 1


def test_any_page_prints_its_address(client, site):
    story = publish(site.home, ContentPage(title="Historie", slug="historie"))
    [printed] = [one.text for one in elements(client.get(story.get_url()), "p") if one.attrs.get("class") == "on-paper"]
    assert printed == story.get_full_url()


def test_the_signing_sheet_leads_to_the_form(drawn, site, monkeypatch):
    """Seen to fail on the code of before."""
    page = action(site, PetitionFactory())
    pdf = sheet.sheet_pdf(page)
    assert pdf.startswith(b"%PDF-")
    assert drawn == [f"{page.full_url}?s=plakat#sign"]
