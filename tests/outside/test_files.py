"""R43 from outside: files that give a place, a camera and a name away are uploaded, and everything that visitors can
get by any address is looked through. What is for some only, and what lies in storage, is nowhere."""

import json
from urllib.parse import urlsplit

import pytest

from tests.canaries import DOCUMENTS, FILE_NAME, PICTURES, found_in

from .document import Document

pytestmark = pytest.mark.processes

MAKE = """
import json
from django.core.files.base import ContentFile
from wagtail.models import Collection
from actions.pages.tasks import make_renditions
from home.documents import CustomDocument
from home.images import CustomImage
from home.pages import ContentPage, HomePage
from tests.canaries import DOCUMENTS, FILE_NAME, PICTURES
from tests.outside.filling import stream

def upload(kind, content):
    return ContentFile(content, name=f"{FILE_NAME}.{kind}")

home = HomePage.objects.get(locale__language_code="nb")
pictures = {k: CustomImage.objects.create(title=FILE_NAME, file=upload(k, make())) for k, make in PICTURES.items()}
files = Collection.get_first_root_node().add_child(name="Files")
documents = {k: CustomDocument.objects.create(title=FILE_NAME, file=upload(k, make()), collection=files)
             for k, make in DOCUMENTS.items()}
links = "".join(f'<p><a linktype="document" id="{d.pk}">{k}</a></p>' for k, d in documents.items())
shown = [("image", {"image": {"image": i.pk, "alt_text": "x", "decorative": False}, "caption": "", "credit": ""})
         for i in pictures.values()]
film = {"title": "Film", "url": "", "file": documents["mp4"].pk, "caption": "", "credit": "", "transcript": "",
        "poster": {"image": pictures["jpg"].pk, "alt_text": "", "decorative": True}}
block = ContentPage._meta.get_field("body").stream_block
body = stream(block, [*shown, ("section", {"heading": "Files", "text": links}), ("video", film)])
page = ContentPage(title="Canaries", slug="canaries", body=body, hero_image=pictures["jpg"], hero_alt="x",
                   share_image=pictures["png"], locale=home.locale)
home.add_child(instance=page)
page.save_revision().publish()
make_renditions.call(page.pk)
print(json.dumps({"page": page.url, "documents": {k: d.url for k, d in documents.items()}, "collection": files.pk}))
"""
CLOSE = """
from wagtail.models import Collection, CollectionViewRestriction
CollectionViewRestriction.objects.create(collection=Collection.objects.get(pk={pk}), restriction_type="login")
"""


@pytest.fixture(scope="module")
def canaries(deployed):
    return json.loads(deployed.manage("shell", "-c", MAKE).splitlines()[-1])


@pytest.fixture(scope="module")
def addresses(deployed, canaries) -> dict[str, bytes]:
    """Whatever the page shows or links, by its address."""
    answer = deployed.public.get(canaries["page"])
    assert answer.status == 200
    paths = {urlsplit(link.address).path for link in Document(answer.text).links}
    paths = {path for path in paths if path.startswith(("/media/", "/documents/"))}
    return {path: deployed.public.get(path).content for path in paths}


def test_the_page_shows_every_picture_and_links_every_document(addresses, canaries):
    """Seen to fail before: a page with a link to a document, or a film, was an error for everybody."""
    assert {path for path in addresses if path.startswith("/documents/")} == set(canaries["documents"].values())
    assert len([path for path in addresses if path.startswith("/media/images/")]) > 6 * len(PICTURES)


def test_nothing_that_visitors_get_gives_anybody_away(addresses):
    """No place, camera or author; of pictures, in none of their sizes."""
    assert all(addresses.values())
    assert [(path, what) for path, content in addresses.items() if (what := found_in(content))] == []
    assert not [path for path in addresses if FILE_NAME.lower() in path.lower()]


def test_what_lies_in_storage_has_no_address(deployed, addresses):
    """Neither originals nor the copies of documents, whatever the address is made of."""
    private = [path.relative_to(deployed.private_media) for path in deployed.private_media.rglob("*") if path.is_file()]
    copies = [path.relative_to(deployed.media) for path in (deployed.media / "documents").iterdir()]
    assert len(private) > len(PICTURES) + len(DOCUMENTS)
    assert len(copies) >= len(DOCUMENTS)
    for place in ("/media/", "/inside/", "/documents/", "/media/images/../", "/static/../", "/media/images/..%2f"):
        tried = {f"{place}{name}": deployed.public.get(f"{place}{name}").status for name in (*private, *copies)}
        assert set(tried.values()) <= {400, 403, 404}, [path for path, status in tried.items() if status < 400]


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_document_comes_whole_or_in_parts_with_strict_headers(kind, deployed, canaries, addresses):
    path = canaries["documents"][kind]
    whole, head = deployed.public.get(path), deployed.public.ask("HEAD", path)
    assert (whole.status, head.status, head.content) == (200, 200, b"")
    assert head.headers["Content-Length"] == str(len(whole.content))
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in whole.headers["Content-Security-Policy"]
    assert ("sandbox" in whole.headers["Content-Security-Policy"]) is (kind != "pdf")
    assert whole.headers["Cache-Control"] == "private, no-cache"
    assert whole.headers["Content-Disposition"].startswith("inline" if kind in ("pdf", "mp4", "webm") else "attachment")
    session = deployed.public.session
    part = session.get(deployed.public.server + path, headers={"Range": "bytes=2-11"})
    assert (part.status_code, part.content) == (206, whole.content[2:12])
    again = session.get(deployed.public.server + path, headers={"If-None-Match": whole.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_address_with_another_name_leads_to_the_document(deployed, canaries):
    number = canaries["documents"]["pdf"].split("/")[2]
    answer = deployed.public.get(f"/documents/{number}/what-it-was-called.pdf", follow=True)
    assert (answer.status, urlsplit(answer.url).path) == (200, canaries["documents"]["pdf"])


def test_the_public_process_cannot_read_who_is_on_a_picture(deployed):
    held = deployed.site.query("select has_table_privilege('actions_public', 'home_imagepeople', 'select')")
    assert held == [(False,)]


def test_when_their_collection_is_closed_documents_are_gone_at_once_everywhere(deployed, canaries, addresses):
    """The last of this file: it closes the collection."""
    deployed.manage("shell", "-c", CLOSE.format(pk=canaries["collection"]))
    for path in canaries["documents"].values():
        assert deployed.public.get(path).status == 404
        assert deployed.public.ask("HEAD", path).status == 404
    assert deployed.public.get(canaries["page"]).status == 200
