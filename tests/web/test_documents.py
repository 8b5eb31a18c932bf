"""Documents on the public surface: for everybody, or for nobody, at every address and at once."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import RequestFactory
from wagtail.models import Collection, CollectionViewRestriction

from actions.web.documents import document as view
from home.documents import CustomDocument
from home.storages import public_storage
from tests import canaries

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(django_capture_on_commit_callbacks) -> CustomDocument:
    with django_capture_on_commit_callbacks(execute=True):
        made = CustomDocument.objects.create(
            title="A report",
            download_name="Rapport om Iran",
            file=ContentFile(canaries.pdf(), name="x.pdf"),
            collection=Collection.get_first_root_node().add_child(name="Reports"),
        )
    made.refresh_from_db()
    return made


def ask(document: CustomDocument, method: str = "get", name: str = "", **headers: str):
    request = getattr(RequestFactory(), method)("/", headers=headers)
    return view(request, document.pk, name or document.filename)


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_it_is_given_out_with_headers_that_let_nothing_run_and_nobody_keep_it(report):
    answer = ask(report)
    assert report.filename == "rapport-om-iran.pdf"
    assert body(answer) == report.file.open().read()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="rapport-om-iran.pdf"'
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-cache")
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_what_no_browser_shows_is_saved_and_sandboxed(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        made = CustomDocument.objects.create(title="x", file=ContentFile(b"a,b", name="x.csv"))
    answer = ask(made)
    assert answer["Content-Disposition"] == f'attachment; filename="document-{made.pk}.csv"'
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=5-", 206, slice(5, None)),
        ("bytes=-7", 206, slice(-7, None)),
        ("bytes=9999999-", 416, slice(0, 0)),
        ("nonsense", 200, slice(None)),
    ],
)
def test_a_film_can_be_asked_for_in_parts(asked, status, part, report):
    """Seen to fail with the file sent whole whatever is asked for."""
    answer = ask(report, Range=asked)
    assert (answer.status_code, body(answer)) == (status, report.file.open().read()[part])


def test_head_and_conditional_requests_send_no_bytes(report):
    whole = ask(report)
    head = ask(report, "head")
    assert (head.status_code, body(head), head["Content-Length"]) == (200, b"", whole["Content-Length"])
    again = ask(report, **{"If-None-Match": whole["ETag"]})
    assert (again.status_code, body(again)) == (304, b"")
    assert ask(report, "post").status_code == 405


def test_behind_nginx_the_file_is_named_and_nginx_sends_it(report):
    answer = ask(report, **{"X-Sendfile-Type": "X-Accel-Redirect"})
    assert answer["X-Accel-Redirect"] == f"/inside/{report.file.name}"
    assert answer.content == b""


def test_an_address_from_before_leads_to_the_one_of_now(report):
    answer = ask(report, name="old name.pdf")
    assert (answer.status_code, answer["Location"]) == (302, report.url)


def is_there(document: CustomDocument) -> bool:
    from django.http import Http404

    try:
        return ask(document).status_code == 200
    except Http404:
        return False


@pytest.mark.parametrize("above", [False, True])
@pytest.mark.parametrize("kind", ["login", "password", "groups"])
def test_when_its_collection_is_closed_it_is_gone_at_once_and_its_copy_too(
    kind, above, report, django_capture_on_commit_callbacks
):
    """Seen to fail without asking for collections above."""
    collection = Collection.get_first_root_node() if above else report.collection
    copy = report.public_copy.name
    with django_capture_on_commit_callbacks(execute=False):
        restriction = CollectionViewRestriction.objects.create(collection=collection, restriction_type=kind)
        assert not is_there(report), "before anything was tidied up"
    with django_capture_on_commit_callbacks(execute=True):
        restriction.save()
    assert not public_storage().exists(copy)
    with django_capture_on_commit_callbacks(execute=True):
        restriction.delete()
    assert is_there(CustomDocument.objects.get())


def test_moving_several_at_once_into_a_closed_collection_takes_them_away(report, django_capture_on_commit_callbacks):
    """As the bulk action does it, which saves no document."""
    closed = Collection.get_first_root_node().add_child(name="Closed")
    with django_capture_on_commit_callbacks(execute=True):
        CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
        CustomDocument.objects.filter(pk=report.pk).update(collection=closed)
    assert not is_there(report)
    assert not public_storage().exists(report.public_copy.name)
    with django_capture_on_commit_callbacks(execute=True):
        CustomDocument.objects.filter(pk=report.pk).update(collection=Collection.get_first_root_node())
    assert is_there(report)


def test_a_file_that_is_replaced_or_deleted_leaves_no_copy_behind(report, settings, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        report.file = ContentFile(b"a,b", name="y.csv")
        report.save()
    copies = list((Path(settings.MEDIA_ROOT) / "documents").iterdir())
    assert [path.suffix for path in copies] == [".csv"]
    with django_capture_on_commit_callbacks(execute=True):
        CustomDocument.objects.get().delete()
    assert list((Path(settings.MEDIA_ROOT) / "documents").iterdir()) == []


def test_a_document_has_an_address_on_every_surface():
    """Seen to fail on the public surface, where Wagtail's name of the address led nowhere: each page with a link to a
    document was an error."""
    for surface in ("public", "staff", "all"):
        env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "mysite.settings.test",
            "SURFACE": surface,
            "DATABASE_URL": "postgresql://nobody@127.0.0.1/nothing",
        }
        ask_for = (
            "import django; django.setup(); from home.documents import CustomDocument; "
            "print(CustomDocument(pk=7, file='documents/x.pdf', collection_id=1).url)"
        )
        told = subprocess.run([sys.executable, "-c", ask_for], env=env, capture_output=True, text=True)
        assert re.search(r"^/documents/7/document-7\.pdf$", told.stdout, re.MULTILINE), told.stderr[-500:]
