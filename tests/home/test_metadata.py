"""What is taken out of files when they come in, and what stays: the pixels, the words, the colours."""

import zipfile
from contextlib import suppress
from io import BytesIO

import av
import pikepdf
import pytest
from PIL import Image, ImageChops, ImageStat

from home.metadata.documents import strip_document
from home.metadata.pictures import strip_jpeg, strip_picture
from home.metadata.refused import Reason, Refused
from tests import canaries
from tests.canaries import DOCUMENTS, PICTURES, found_in


def opened(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


def differ(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of their colours, of 255."""
    return sum(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean)


def stripped(content: bytes, extension: str) -> bytes:
    return strip_document(BytesIO(content), extension=extension).read()


@pytest.mark.parametrize("kind", PICTURES)
def test_nothing_of_a_picture_stays_but_what_is_seen(kind):
    """Seen to fail, for each kind, with the bytes passed on as they are."""
    before = PICTURES[kind]()
    after = strip_picture(BytesIO(before))
    assert found_in(before)
    assert (found_in(after.content), after.extension) == ([], kind)
    assert differ(opened(before), opened(after.content)) < 2
    assert opened(after.content).info.get("icc_profile") == opened(before).info.get("icc_profile")


@pytest.mark.parametrize("kind", ["jpg", "png", "webp", "avif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_its_camera_said(kind, orientation):
    """Seen to fail without turning: the picture then lies on its side for ever."""
    turned = opened(strip_picture(BytesIO(PICTURES[kind](orientation))).content)
    as_seen = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_270, 8: Image.Transpose.ROTATE_90}
    upright = opened(PICTURES[kind]())
    if orientation in as_seen:
        upright = upright.transpose(as_seen[orientation])
    assert turned.size == ((96, 60) if orientation < 5 else (60, 96))
    assert not turned.getexif()
    if orientation in (1, *as_seen):
        assert differ(turned, upright) < 6


def test_a_photograph_that_stands_upright_keeps_its_pixels_bit_for_bit():
    before = canaries.jpeg()
    assert differ(opened(before), opened(strip_jpeg(before))) == 0


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_a_moving_picture_goes_on_moving(kind):
    before = canaries.moving(kind) if kind != "PNG" else moving_png()
    after = strip_picture(BytesIO(before)).content
    assert found_in(after) == []
    picture = Image.open(BytesIO(after))
    times = []
    for frame in range(picture.n_frames):
        picture.seek(frame)
        picture.load()
        times.append(picture.info["duration"])
    assert times == [100, 200, 300]


def moving_png() -> bytes:
    out = BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:], duration=[100, 200, 300], exif=canaries.exif())
    return out.getvalue()


def test_transparency_stays():
    out = BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(out, "PNG")
    assert opened(strip_picture(out).content).getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("kind", PICTURES)
def test_a_damaged_picture_is_refused_or_stripped_and_never_an_error(kind, cut):
    whole = PICTURES[kind]()
    end = whole.find(b"\xff\xd9", whole.find(b"\xff\xda")) if kind == "jpg" else len(whole)
    with suppress(Refused):
        assert found_in(strip_picture(BytesIO(whole[: int(end * cut)])).content) == []


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff", b"<svg/>", b"%PDF-1.4", b"\x00" * 100])
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(Refused):
        strip_picture(BytesIO(content))


def test_a_tiff_is_refused():
    """It is no format of the web, and can hold anything anywhere."""
    with pytest.raises(Refused):
        strip_picture(BytesIO(canaries.tiff()))


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_nothing_of_a_document_stays_but_what_is_read_seen_and_heard(kind):
    """Seen to fail, for each kind, with the bytes passed on as they are."""
    before = DOCUMENTS[kind]()
    assert found_in(before)
    assert found_in(stripped(before, kind)) == []


def test_the_page_of_a_pdf_and_its_photograph_stay():
    with pikepdf.open(BytesIO(stripped(canaries.pdf(), "pdf"))) as pdf:
        assert len(pdf.pages) == 1
        photograph = opened(bytes(pdf.pages[0].Resources.XObject.Im0.get_raw_stream_buffer()))
        assert str(pdf.pages[0].Annots[0].Contents) == "A remark"
    assert differ(photograph, opened(canaries.jpeg())) == 0


def test_the_words_of_a_text_stay():
    with zipfile.ZipFile(BytesIO(stripped(canaries.docx(), "docx"))) as archive:
        assert b"<w:t>Words</w:t>" in archive.read("word/document.xml")
        assert {part.date_time[0] for part in archive.infolist()} == {1980}
    with zipfile.ZipFile(BytesIO(stripped(canaries.odt(), "odt"))) as archive:
        assert archive.infolist()[0].filename == "mimetype"
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
        assert b"<text:p>Words</text:p>" in archive.read("content.xml")


@pytest.mark.parametrize("kind", ["mp4", "webm"])
def test_a_film_shows_the_same_and_begins_to_play_at_once(kind):
    before, after = canaries.film(kind), stripped(canaries.film(kind), kind)
    assert _frames(after) == _frames(before) == 5
    if kind == "mp4":
        assert after.find(b"moov") < after.find(b"mdat")


def _frames(content: bytes) -> int:
    with av.open(BytesIO(content)) as film:
        return sum(1 for _frame in film.decode(video=0))


def encrypted_pdf() -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(canaries.pdf())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def pdf_with_a_file_inside() -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(canaries.pdf())) as pdf:
        pdf.attachments["photo.jpg"] = canaries.jpeg()
        pdf.save(out)
    return out.getvalue()


def signed_pdf() -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(canaries.pdf())) as pdf:
        signature = pikepdf.Dictionary(Type=pikepdf.Name.Sig, ByteRange=[0, 1, 2, 3], Name=canaries.NAME)
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[], SigFlags=3, Kept=pdf.make_indirect(signature))
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind", "reason"),
    [
        (encrypted_pdf, "pdf", Reason.LOCKED),
        (pdf_with_a_file_inside, "pdf", Reason.FILES_INSIDE),
        (signed_pdf, "pdf", Reason.SIGNED),
        (lambda: canaries.pdf()[:200], "pdf", Reason.DAMAGED),
        (lambda: b"no pdf", "pdf", Reason.ANOTHER_KIND),
        (lambda: canaries.docx(**{"word/embeddings/oleObject1.bin": b"x"}), "docx", Reason.FILES_INSIDE),
        (lambda: canaries.docx(), "xlsx", Reason.ANOTHER_KIND),
        (lambda: canaries.docx()[:300], "docx", Reason.DAMAGED),
        (lambda: b"no zip", "odt", Reason.DAMAGED),
        (lambda: canaries.zipped({"inner.zip": canaries.archive()}), "zip", Reason.FILES_INSIDE),
        (lambda: canaries.zipped({"program.exe": b"MZ"}), "zip", Reason.FILES_INSIDE),
        (lambda: canaries.film()[:500], "mp4", Reason.DAMAGED),
        (lambda: canaries.film("webm"), "mp4", Reason.DAMAGED),
        (lambda: b"no film", "webm", Reason.DAMAGED),
        (lambda: canaries.jpeg(), "txt", Reason.ANOTHER_KIND),
        (lambda: b"{\\rtf1 {\\info {\\author Kari}}}", "rtf", Reason.NO_SUCH_KIND),
    ],
)
def test_what_cannot_be_stripped_is_refused(content, kind, reason):
    with pytest.raises(Refused) as refused:
        stripped(content(), kind)
    assert refused.value.reason is reason


def test_a_zip_that_would_fill_the_disk_is_refused():
    bomb = canaries.zipped({f"{n}.txt": b"0" * 60_000_000 for n in range(9)})
    assert len(bomb) < 1_000_000
    with pytest.raises(Refused) as refused:
        stripped(bomb, "zip")
    assert refused.value.reason is Reason.TOO_LARGE


def test_text_stays_as_it_is():
    words = "Navn;Land\nÅse;Norge\n".encode()
    assert stripped(words, "csv") == words
