"""A signature form's paper: one enters, another confirms, over HTTP."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from actions.delivery.models import PaperBatch
from actions.pages import sheet
from actions.signing import counting
from tests.backoffice.petition.screens import at, text
from tests.factories import PetitionFactory, seen_by_visitors, translate
from tests.pdf_structure import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def entered(staff_client, petition):
    data = {"place": "Stand", "collected_on": timezone.localdate().isoformat(), "number": 40}
    assert staff_client.post(at(petition, "paper"), data).status_code == 302
    return PaperBatch.objects.get()


@pytest.fixture
def second(django_user_model):
    """Browser of a second member of staff."""
    second = Client()
    second.force_login(django_user_model.objects.create_superuser("second", password="a long password here"))
    return second


def test_one_enters_and_another_confirms(staff_client, petition, entered, second):
    answer = staff_client.post(at(petition, "paper_decide", entered.pk), {"confirm": ""}, follow=True)
    assert "Noen andre må telle arkene" in text(answer)
    assert counting.total(petition) == 3
    answer = second.post(at(petition, "paper_decide", entered.pk), {"confirm": ""}, follow=True)
    assert "Bekreftet, og talt" in text(answer)
    assert counting.total(petition) == 43
    data = {"right_number": 38, "note": "two lines twice"}
    assert staff_client.post(at(petition, "paper_correct", entered.pk), data).status_code == 302
    again = staff_client.post(at(petition, "paper_correct", entered.pk), data)
    assert "en rettelse venter" in text(again)
    correction = PaperBatch.objects.get(corrects=entered)
    second.post(at(petition, "paper_decide", correction.pk), {"confirm": ""})
    assert counting.total(petition) == 41
    page = petition.action_pages.get()
    told = text(second.get(page.get_url()))  # of those online none is shown yet
    assert "<strong>38</strong> av <span>" in told
    assert "på nett og" not in told
    seen_by_visitors(petition, 3)
    assert "3 på nett og 38 på papir" in text(second.get(page.get_url()))


WRONG = [
    ({"number": 0}, "større"),
    ({"collected_on": "2099-01-01"}, "er ikke kommet ennå"),
    ({"collected_on": "2000-01-01"}, "hadde ikke begynt"),
    ({"place": ""}, "påkrev"),
]


@pytest.mark.parametrize(("wrong", "sentence"), WRONG)
def test_what_cannot_be_gets_a_sentence(staff_client, petition, wrong, sentence):
    data = {"place": "Stand", "collected_on": timezone.localdate().isoformat(), "number": 40}
    assert sentence in text(staff_client.post(at(petition, "paper"), data | wrong))
    assert not PaperBatch.objects.exists()


def test_the_sheet_is_a_pdf_in_the_pages_language(staff_client, petition):
    page = petition.action_pages.get()
    answer = staff_client.get(at(petition, "sheet", page.pk))
    assert answer.content.startswith(b"%PDF")
    assert staff_client.get(at(PetitionFactory(), "sheet", page.pk), follow=True).status_code == 404


def test_every_cell_of_the_sheets_table_has_a_name(staff_client, petition):
    """Seen to fail: the first heading was empty, and no line had one."""
    page = petition.action_pages.get()
    heading, *lines = rows(staff_client.get(at(petition, "sheet", page.pk)).content)
    assert [(cell.kind, cell.scope, cell.has_content) for cell in heading] == [("/TH", "/Column", True)] * 4
    assert len(lines) == sheet.LINES
    for line in lines:
        assert [cell.kind for cell in line] == ["/TH", "/TD", "/TD", "/TD"]
        assert line[0].scope == "/Row"


def test_a_sheet_with_a_sign_that_no_typeface_has_says_which(staff_client, petition):
    """Seen to fail with a 500."""
    page = petition.action_pages.get()
    page.title = "Slipp dem fri ✊🏽"
    page.save_revision().publish()
    answer = staff_client.get(at(petition, "sheet", page.pk), follow=True)
    assert answer.status_code == 200
    assert re.search("ingen skrifttype viser «[✊🏽]+»", text(answer))


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("nb", ("Bare antallet", "artikkel 9 nr. 2", "brettes bakover", "personvern@example.org", "Du kan klage")),
        ("nn", ("Berre talet", "artikkel 9 nr. 2", "bretta bakover", "personvern@example.org", "Du kan klage")),
        ("en", ("Only the number", "9(2)(a)", "folded back", "personvern@example.org", "You can complain")),
    ],
)
def test_the_sheet_tells_what_the_law_asks_for(language, parts, petition, monkeypatch):
    """Article 13 on paper: basis, rights, notice, country, and that others read the lines."""
    page = petition.action_pages.get()
    if language != "nb":
        page = translate(page, language)
    told = {}
    monkeypatch.setattr(sheet, "typeset", lambda template, **given: told.update(given["told"]))
    sheet.sheet_pdf(page)
    everything = " ".join(str(part) for part in told.values())
    for part in (*parts, "privacy/", "(Kina)" if language != "en" else "(China)"):
        assert part in everything, part
