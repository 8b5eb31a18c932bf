"""Files that give away a place, a camera and a name, in every form their kind can carry, so that a test can look for
them wherever the files have been."""

import struct
import tempfile
import zipfile
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import av
import pikepdf
from PIL import Image, ImageCms, PngImagePlugin, TiffImagePlugin

# Each in the bytes that a file holds them in. Coordinates are rationals: degrees 59, minutes 54, seconds 40.17.
NAME, CAMERA, PLACE = "Kari Kanarifugl", "Kanarikamera 3000", "Kanarigata 7"
COORDINATES = struct.pack(">IIIIII", 59, 1, 54, 1, 4017, 100)
EVERY = [
    *(word.encode() for word in (NAME, CAMERA, PLACE)),
    *(word.encode("utf-16-le") for word in (NAME, CAMERA, PLACE)),
    *(word.encode("utf-16-be") for word in (NAME, CAMERA, PLACE)),
    COORDINATES,
    struct.pack("<IIIIII", 59, 1, 54, 1, 4017, 100),
    b"+59.9111+010.7500",
]
# As a telephone names it: the day, and whoever is on it.
FILE_NAME = "IMG_20261101_Kanarifugl"
XMP = f"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Model="{CAMERA}"><dc:creator><rdf:Seq><rdf:li>{NAME}</rdf:li></rdf:Seq>
</dc:creator><dc:coverage>{PLACE}</dc:coverage></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>""".encode()


def found_in(content: bytes) -> list[bytes]:
    """What of it stands in some bytes, as they are or in what is packed into them."""
    unpacked = [content, *_inflated(content), *_unzipped(content)]
    return [one for one in EVERY if any(one in part for part in unpacked)]


def _inflated(content: bytes) -> list[bytes]:
    """What PNGs, PDFs and zips keep compressed, wherever it begins."""
    found, at = [], 0
    while (at := content.find(b"\x78", at)) != -1 and len(found) < 500:
        if content[at + 1 : at + 2] in (b"\x01", b"\x5e", b"\x9c", b"\xda"):
            with suppress(zlib.error):
                found.append(zlib.decompressobj().decompress(content[at:]))
        at += 1
    return found


def _unzipped(content: bytes) -> list[bytes]:
    if not content.startswith(b"PK"):
        return []
    with zipfile.ZipFile(BytesIO(content)) as archive:
        inside = [archive.read(name) for name in archive.namelist()]
    return [part for one in inside for part in (one, *_unzipped(one))]


def exif(orientation: int = 1, thumbnail: bool = True) -> bytes:
    """EXIF with camera, author, place and coordinates, and a small picture of its own that has them too."""
    made = Image.Exif()
    made[0x010F] = made[0x0110] = CAMERA
    made[0x013B] = made[0x8298] = NAME
    made[0x010E] = PLACE
    made[0x0112] = orientation
    rational = TiffImagePlugin.IFDRational
    made.get_ifd(0x8825).update(
        {1: "N", 2: (rational(59), rational(54), rational(4017, 100)), 3: "E", 4: (rational(10), rational(45), 0)}
    )
    made.get_ifd(0x8769)[0x9286] = b"ASCII\x00\x00\x00" + PLACE.encode()  # the user's comment
    return made.tobytes()


def _iptc() -> bytes:
    """APP13: Photoshop's block with IPTC's by-line and city."""
    records = b"".join(
        b"\x1c\x02" + bytes([number]) + struct.pack(">H", len(word)) + word.encode()
        for number, word in ((80, NAME), (90, PLACE), (116, CAMERA))
    )
    block = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(records)) + records
    body = b"Photoshop 3.0\x00" + block + b"\x00" * (len(block) % 2)
    return b"\xff\xed" + struct.pack(">H", len(body) + 2) + body


def _drawn(size: tuple[int, int] = (96, 60)) -> Image.Image:
    """Not the same on any two sides, so that turning can be seen."""
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    picture.paste("#ff6b4a", (0, 0, size[0] // 3, size[1] // 3))
    return picture


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def jpeg(orientation: int = 1) -> bytes:
    out = BytesIO()
    picture = _drawn()
    picture.save(
        out, "JPEG", quality=91, exif=exif(orientation), icc_profile=profile(), xmp=XMP, comment=f"{NAME} {PLACE}"
    )
    content = out.getvalue()
    behind = BytesIO()  # a second picture behind the end, as telephones keep films and depths
    picture.save(behind, "JPEG", exif=exif())
    return content[:2] + _iptc() + content[2:] + behind.getvalue()


def png(orientation: int = 1) -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", NAME)
    texts.add_text("Comment", PLACE, zip=True)
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=True)
    texts.add_itxt("Source", CAMERA)
    out = BytesIO()
    _drawn().save(out, "PNG", pnginfo=texts, exif=exif(orientation), icc_profile=profile())
    return out.getvalue() + NAME.encode()


def webp(orientation: int = 1) -> bytes:
    out = BytesIO()
    _drawn().save(out, "WEBP", exif=exif(orientation), xmp=XMP, icc_profile=profile())
    return out.getvalue()


def moving(kind: str) -> bytes:
    """Three frames, and a remark."""
    first, *others = [_drawn().rotate(angle) for angle in (0, 90, 180)]
    out = BytesIO()
    more = {"comment": f"{NAME} {PLACE}".encode()} if kind == "GIF" else {"exif": exif(), "xmp": XMP}
    first.save(out, kind, save_all=True, append_images=others, duration=[100, 200, 300], loop=0, **more)
    return out.getvalue()


def avif(orientation: int = 1) -> bytes:
    out = BytesIO()
    _drawn().save(out, "AVIF", exif=exif(orientation), xmp=XMP, icc_profile=profile())
    return out.getvalue()


def tiff() -> bytes:
    out = BytesIO()
    _drawn().save(out, "TIFF", exif=exif())
    return out.getvalue()


PICTURES = {
    "jpg": jpeg,
    "png": png,
    "webp": webp,
    "avif": avif,
    "gif": lambda: moving("GIF"),
}


def pdf() -> bytes:
    """A page with a photograph and a note, all of them telling."""
    made = pikepdf.new()
    page = made.add_blank_page()
    made.docinfo["/Author"] = NAME
    made.docinfo["/Producer"] = CAMERA
    made.Root.Metadata = pikepdf.Stream(made, XMP, {"/Type": pikepdf.Name.Metadata, "/Subtype": pikepdf.Name.XML})
    page.PieceInfo = pikepdf.Dictionary(Kanari=pikepdf.Dictionary(Private=pikepdf.String(PLACE)))
    photograph = pikepdf.Stream(made, jpeg())
    photograph.Type, photograph.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    photograph.Width, photograph.Height, photograph.BitsPerComponent = 96, 60, 8
    photograph.ColorSpace, photograph.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
    photograph.Metadata = pikepdf.Stream(made, XMP)
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=photograph))
    page.Contents = pikepdf.Stream(made, b"q 96 0 0 60 100 100 cm /Im0 Do Q")
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 20, 20], T=NAME, Contents="A remark"
    )
    page.Annots = pikepdf.Array([note])
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def docx(**more: bytes) -> bytes:
    core = f"<cp:coreProperties xmlns:cp='x' xmlns:dc='y'><dc:creator>{NAME}</dc:creator></cp:coreProperties>"
    parts = {
        "[Content_Types].xml": b"<Types/>",
        "_rels/.rels": b"<Relationships/>",
        "docProps/core.xml": core.encode(),
        "docProps/app.xml": f"<Properties><Company>{PLACE}</Company></Properties>".encode(),
        "docProps/thumbnail.jpeg": jpeg(),
        "word/document.xml": f'<w:document><w:ins w:author="{NAME}"><w:t>Words</w:t></w:ins></w:document>'.encode(),
        "word/comments.xml": f'<w:comments><w:comment w:initials="KK" w:author="{NAME}"/></w:comments>'.encode(),
        "word/media/image1.jpeg": jpeg(),
        "word/media/image2.png": png(),
        **more,
    }
    return zipped(parts)


def odt() -> bytes:
    meta = f"<office:document-meta><meta:initial-creator>{NAME}</meta:initial-creator></office:document-meta>"
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "meta.xml": meta.encode(),
            "content.xml": f"<office:body><dc:creator>{NAME}</dc:creator><text:p>Words</text:p></office:body>".encode(),
            "settings.xml": f'<x><config:config-item config:name="PrinterName" config:type="string">{PLACE}'
            "</config:config-item></x>".encode(),
            "Pictures/one.jpg": jpeg(),
            "Thumbnails/thumbnail.png": png(),
        }
    )


def archive() -> bytes:
    return zipped({"report.pdf": pdf(), "picture.jpg": jpeg(), "text.docx": docx()}, comment=NAME.encode())


def zipped(parts: dict[str, bytes], comment: bytes = b"") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.comment = comment
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def film(kind: str = "mp4", *, told: bool = True) -> bytes:
    """Half a second of a moving square. `told`: with author, camera and place, and a track that tells where it was."""
    codec = {"mp4": "mpeg4", "webm": "libvpx"}[kind]
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / f"film.{kind}")
        options = {"movflags": "+use_metadata_tags"}
        with av.open(path, "w", format=kind, options=options) as made:
            stream = made.add_stream(codec, rate=10)
            stream.width, stream.height, stream.pix_fmt = 96, 60, "yuv420p"
            if told:
                made.metadata.update(
                    {"artist": NAME, "title": PLACE, "location": "+59.9111+010.7500/", "make": CAMERA, "comment": PLACE}
                )
                made.metadata["creation_time"] = "2026-11-01T10:00:00Z"
                stream.metadata["handler_name"] = CAMERA
            for number in range(5):
                picture = _drawn()
                picture.paste("#000000", (number * 10, 30, number * 10 + 10, 40))
                for packet in stream.encode(av.VideoFrame.from_image(picture)):
                    made.mux(packet)
            for packet in stream.encode(None):
                made.mux(packet)
        content = Path(path).read_bytes()
    if told and kind == "mp4":
        content = _with_place(content)
    return content


def _with_place(content: bytes) -> bytes:
    """With Apple's and Android's way of saying where: `©xyz` in `moov/udta`, at the end of the film."""
    where = b"+59.9111+010.7500/"
    xyz = struct.pack(">I4sHH", 12 + len(where), b"\xa9xyz", len(where), 0x15C7) + where
    uuid = struct.pack(">I4s16s", 24 + len(XMP), b"uuid", bytes.fromhex("BE7ACFCB97A942E89C71999491E3AFAC")) + XMP
    udta = struct.pack(">I4s", 8 + len(xyz), b"udta") + xyz
    at = content.rfind(b"moov") - 4
    length = struct.unpack(">I", content[at : at + 4])[0]
    assert at + length == len(content), "the index stands last"
    return content[:at] + struct.pack(">I", length + len(udta)) + content[at + 4 :] + udta + uuid


DOCUMENTS = {"pdf": pdf, "docx": docx, "odt": odt, "zip": archive, "mp4": film, "webm": lambda: film("webm")}
