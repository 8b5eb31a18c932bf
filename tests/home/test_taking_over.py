"""Pictures and documents of a version before: under their numbers in the tables of now, stripped by a command that can
be run again, and gone from where everybody could read them."""

from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from wagtail.documents.models import Document
from wagtail.images.models import Image, Rendition

from home.documents import CustomDocument
from home.images import CustomImage
from home.storages import public_storage
from tests import canaries
from tests.canaries import found_in

pytestmark = pytest.mark.django_db


def before(content: bytes, name: str) -> str:
    """Where versions before kept everything."""
    return public_storage().save(name, ContentFile(content))


@pytest.fixture
def earlier(db) -> tuple[Image, Document]:
    """Rows and files as a version before has left them."""
    image = Image(title="a fence", width=60, height=96, collection_id=1)
    image.file.name = before(canaries.jpeg(6), "original_images/IMG_Kanarifugl.jpg")
    Image.objects.bulk_create([image])
    image = Image.objects.get()
    size = Rendition(image=image, filter_spec="width-40", width=40, height=60)
    size.file.name = before(canaries.jpeg(), "images/IMG_Kanarifugl.width-40.jpg")
    Rendition.objects.bulk_create([size])
    documents = []
    for name, content in (("Kari.pdf", canaries.pdf()), ("Kari.rtf", b"{\\rtf1 x}")):
        document = Document(title=name, collection_id=1)
        document.file.name = before(content, f"documents/{name}")
        documents.append(document)
    Document.objects.bulk_create(documents)
    image.tags.add("fences")
    with connection.schema_editor() as editor:
        import_module("home.migrations.0003_take_over_files").take_over(apps, editor)
    return image, documents


def test_they_keep_their_numbers_and_tags(earlier):
    image, _documents = earlier
    assert list(CustomImage.objects.values_list("pk", "title")) == [(image.pk, "a fence")]
    assert {one.pk for one in CustomDocument.objects.all()} == {one.pk for one in Document.objects.all()}
    assert [tag.name for tag in CustomImage.objects.get().tags.all()] == ["fences"]
    assert CustomImage.objects.create(title="next", file=ContentFile(canaries.png(), name="x.png")).pk > image.pk


def test_before_the_command_has_run_nothing_of_them_is_shown(earlier, settings, django_capture_on_commit_callbacks):
    """Wherever they lie: somebody may have made the old folder the private one."""
    settings.PRIVATE_MEDIA_ROOT = settings.MEDIA_ROOT
    assert CustomImage.objects.get().shown("width-50") == {}
    CustomDocument.objects.all().settle()
    assert not CustomDocument.objects.exclude(public_copy="").exists()


def test_the_command_strips_moves_and_says_what_it_did(earlier, settings, django_capture_on_commit_callbacks):
    """Seen to fail with the old files left where they were."""
    out, err = StringIO(), StringIO()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("strip_files", stdout=out, stderr=err)
    assert "2 files are stripped" in out.getvalue()
    assert "1 were refused" in out.getvalue()
    assert "no such kind" in err.getvalue()
    image = CustomImage.objects.get()
    assert (image.width, image.height) == (60, 96)
    assert image.shown("width-40")
    public = [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    private = [path for path in settings.PRIVATE_MEDIA_ROOT.rglob("*") if path.is_file()]
    assert sorted(path.parent.name for path in public) == ["documents", "images"]
    assert not [path for path in (*public, *private) if "Kan" in path.name or "Kari" in path.name]
    assert not [path for path in (*public, *private) if found_in(path.read_bytes())]
    assert (Image.objects.count(), Rendition.objects.count(), Document.objects.count()) == (0, 0, 0)


def test_run_again_it_does_nothing(earlier, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        call_command("strip_files", stdout=StringIO(), stderr=StringIO())
    names = list(CustomImage.objects.values_list("file", flat=True))
    out = StringIO()
    call_command("strip_files", stdout=out, stderr=StringIO())
    assert "0 files" in out.getvalue()
    assert list(CustomImage.objects.values_list("file", flat=True)) == names
