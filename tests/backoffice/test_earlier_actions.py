"""Actions from before, from a file (G6): looked at, brought in once, and refused with a sentence."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django_tasks import task_backends

from actions.backoffice.earlier_actions import bring_in_earlier
from actions.delivery.models import PaperBatch
from actions.pages.action import ActionPage
from actions.rules.state import State
from actions.signing.models import Petition
from tests.factories import translate

pytestmark = pytest.mark.django_db

FILE = """name;title;lead;first_day;last_day;country;outcome
Xinjiang 2018;Steng leirene;Krev det.;2018-09-25;2022-04-28;cn;De er <b>ikke</b> stengt.
Xinjiang 2018;Steng leirene igjen;Krev det.;2018-09-25;2022-04-28;cn;
Uten dag;Tittel;x;;2022-04-28;;
Feil vei;Tittel;x;2022-05-01;2022-04-28;;
Ikke over;Tittel;x;2022-05-01;2999-04-28;;
;Tittel;x;2022-05-01;2022-06-01;;
"""


def send(client, data: bytes = FILE.encode(), **more):
    file = SimpleUploadedFile("earlier.csv", data, content_type="text/csv")
    return client.post(reverse("from_model:earlier"), {"file": file, **more})


def test_a_file_is_looked_at_and_nothing_is_made(staff_client, site):
    body = send(staff_client).content.decode()
    for words in ("er der allerede", "2019-05-31", "før den første", "er over", "Navnet mangler", "Hent inn 1 aksjon"):
        assert words in body, words
    assert not Petition.objects.exists()


def test_it_is_left_to_a_worker(staff_client, site):
    """Seen to fail: five hundred took twenty seconds of one request."""
    tasks = task_backends["default"]
    tasks.clear()
    assert staff_client.post(reverse("from_model:earlier"), {"content": FILE, "do": ""}).status_code == 302
    assert not Petition.objects.exists()
    (result,) = tasks.results
    assert result.task.func.__name__ == "bring_in_earlier"


def test_a_country_without_a_page_is_said(staff_client, site):
    """Seen to fail: it was left out without a word."""
    assert "ingen side om «XX»" in send(staff_client, FILE.replace(";cn;De", ";XX;De").encode()).content.decode()


def test_a_total_waits_on_paper_for_somebody_else(site, staff):
    content = "name;title;lead;first_day;last_day;total\nFør;Før;x;2018-09-25;2022-04-28;12 345\n"
    bring_in_earlier.func(content, staff.pk)
    batch = PaperBatch.objects.get()
    assert (batch.number, batch.confirmed_at, batch.petition.name) == (12_345, None, "Før")


@pytest.mark.parametrize(
    ("columns", "values", "sentence"),
    [("total", "mange", "helt tall"), ("total", "-1", "helt tall"), ("language", "xx", "på dette språket")],
)
def test_what_cannot_be_read_is_said(staff_client, site, columns, values, sentence):
    content = f"name;title;lead;first_day;last_day;{columns}\nFør;Før;x;2018-09-25;2022-04-28;{values}\n"
    assert sentence in send(staff_client, content.encode()).content.decode()


def test_an_action_is_brought_in_in_its_language(site, staff, django_capture_on_commit_callbacks):
    """Seen to fail: all became pages in the first language."""
    for one in (site.home, site.index):
        with django_capture_on_commit_callbacks(execute=True):
            translate(one, "en")
    content = "name;title;lead;first_day;last_day;language\nBefore;Before;x;2018-09-25;2022-04-28;en\n"
    bring_in_earlier.func(content, staff.pk)
    assert ActionPage.objects.get().locale.language_code == "en"


def test_lines_become_forms_and_drafts_once(staff, site):
    for _ in range(2):
        bring_in_earlier.func(FILE, staff.pk)
    petition = Petition.objects.get()
    page = ActionPage.objects.get()
    assert petition.secret
    assert petition.state(petition.ends_at) is State.ENDED
    assert (page.live, page.title, page.country, page.petition) == (False, "Steng leirene", site.china, petition)
    assert page.outcome == "<p>De er &lt;b&gt;ikke&lt;/b&gt; stengt.</p>"
    assert page.get_latest_revision()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "tom"),
        (b"name;title\nx;y\n", "mangler disse kolonnene"),
        (b"\xff\xfe\x00", "ingen CSV-fil"),
        (b"name;title;lead;first_day;last_day\n", "ingen linjer"),
    ],
)
def test_a_wrong_file_gets_a_sentence(staff_client, site, data, sentence):
    answer = send(staff_client, data)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Petition.objects.exists()


def test_nothing_chosen(staff_client, site):
    assert "Velg en fil" in staff_client.post(reverse("from_model:earlier"), {"try": ""}).content.decode()
