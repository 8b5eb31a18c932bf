"""Actions from before, from a file (G6): looked at, brought in once, and refused with a sentence."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from actions.pages.action import ActionPage
from actions.rules.state import State
from actions.signing.models import Petition

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


def test_lines_become_forms_and_drafts_once(staff_client, site):
    for _ in range(2):
        assert staff_client.post(reverse("from_model:earlier"), {"content": FILE, "do": ""}).status_code == 302
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
