"""Strip pictures: EXIF, XMP, IPTC, comments, texts, thumbnails, and whatever stands behind the picture's end.

What stays is what is seen: the pixels, turned as the camera said, the colour profile, transparency and movement. A JPEG
that need not be turned keeps its pixels bit for bit; anything else is drawn anew from its pixels alone.
"""

from io import BytesIO
from typing import IO, Any, NamedTuple

from PIL import Image, ImageOps, ImageSequence, JpegImagePlugin

from .refused import Reason, Refused

# Pillow's names of the formats that are taken in, and how their files end.
FORMATS = {"AVIF": "avif", "GIF": "gif", "JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
QUALITY = {"AVIF": {"quality": 90, "speed": 8}, "WEBP": {"quality": 95}}
MOST_PIXELS = 256_000_000  # of all frames together
ORIENTATION = 0x0112  # EXIF
# Broken files make Pillow's plugins fail in many ways; none of them may become an error page.
BROKEN = (OSError, SyntaxError, ValueError, KeyError, IndexError, TypeError, EOFError, RuntimeError)
MARKER, STUFFED, START, END, SCAN = 0xFF, 0x00, 0xD8, 0xD9, 0xDA
RESTART = range(0xD0, 0xD8)
APPLICATION, COMMENT = range(0xE0, 0xF0), 0xFE


class Stripped(NamedTuple):
    """A picture as it is kept, and the extension of its format."""

    content: bytes
    extension: str


def strip_picture(file: IO[bytes], *, turn: bool = True) -> Stripped:
    """The picture in a file without its metadata. Raises Refused. `turn`: as its EXIF says; where a picture stands in
    a document, that is the document's affair."""
    file.seek(0)
    source = file.read()
    try:
        with Image.open(BytesIO(source), formats=list(FORMATS)) as picture:
            return _stripped(picture, source, turn)
    except Refused:
        raise
    except Image.DecompressionBombError as error:
        raise Refused(Reason.TOO_LARGE) from error
    except BROKEN as error:
        raise Refused(Reason.DAMAGED) from error


def _stripped(picture: Image.Image, source: bytes, turn: bool) -> Stripped:
    kind = "JPEG" if picture.format == "MPO" else str(picture.format)  # a telephone's JPEG with more behind it
    frames = 1 if kind == "JPEG" else getattr(picture, "n_frames", 1)
    if picture.width * picture.height * frames > MOST_PIXELS:
        raise Refused(Reason.TOO_LARGE)
    picture.load()
    turned = turn and frames == 1 and picture.getexif().get(ORIENTATION, 1) != 1
    as_it_is = kind == "JPEG" and not turned
    content = strip_jpeg(source) if as_it_is else _drawn_anew(picture, kind, frames)
    return Stripped(content, FORMATS[kind])


def _drawn_anew(picture: Image.Image, kind: str, frames: int) -> bytes:
    more: dict[str, Any] = {**QUALITY.get(kind, {})}
    if profile := picture.info.get("icc_profile"):
        more["icc_profile"] = profile
    if kind == "JPEG":  # as finely as it was
        more |= {"qtables": picture.quantization, "subsampling": JpegImagePlugin.get_sampling(picture)}  # type: ignore[attr-defined]
    if frames > 1:
        pictures, times = [], []
        for frame in ImageSequence.Iterator(picture):
            frame.load()  # only then some kinds know how long it stands
            times.append(frame.info.get("duration", 0))
            pictures.append(_bare(frame.convert("RGBA" if frame.has_transparency_data else "RGB")))
        first, *others = pictures
        more |= {"save_all": True, "append_images": others, "duration": times, "loop": picture.info.get("loop", 0)}
        if kind == "GIF":
            more["disposal"] = 2
    else:
        first = _bare(ImageOps.exif_transpose(picture))
    out = BytesIO()
    first.save(out, kind, **more)
    return out.getvalue()


def _bare(picture: Image.Image) -> Image.Image:
    """Pixels and transparency; plugins write down some of what else they find in `info`."""
    bare = picture.copy()
    bare.info = {name: value for name, value in picture.info.items() if name == "transparency"}
    return bare


def strip_jpeg(source: bytes) -> bytes:
    """A JPEG with the segments that its pixels and colours need, up to its end; the pixels as they are."""
    if source[:2] != bytes([MARKER, START]):
        raise Refused(Reason.DAMAGED)
    out, at = bytearray(source[:2]), 2
    while at + 4 <= len(source):
        if source[at] != MARKER:
            break
        code = source[at + 1]
        if code == MARKER:  # padding
            at += 1
        elif code == END:
            return bytes(out + source[at : at + 2])
        else:
            length = int.from_bytes(source[at + 2 : at + 4])
            segment, at = source[at : at + 2 + length], at + 2 + length
            out += _kept(code, segment)
            if code == SCAN:
                end = _end_of_scan(source, at)
                out, at = out + source[at:end], end
    # The end is missing, as programs that show it forgive; nothing else stands there.
    if source[at : at + 2] == bytes([MARKER, END]) or at >= len(source):
        return bytes(out) + bytes([MARKER, END])
    raise Refused(Reason.DAMAGED)


def _kept(code: int, segment: bytes) -> bytes:
    body = segment[4:]
    if code == 0xE0 and body.startswith(b"JFIF\x00") and len(body) >= 14:  # without its thumbnail
        return b"\xff\xe0\x00\x10" + body[:12] + b"\x00\x00"
    if code == 0xE2 and body.startswith(b"ICC_PROFILE\x00"):
        return segment
    if code == 0xEE and body.startswith(b"Adobe"):  # how its colours are coded
        return b"\xff\xee\x00\x0e" + body[:12]
    return b"" if code in APPLICATION or code == COMMENT else segment


def _end_of_scan(source: bytes, at: int) -> int:
    while (at := source.find(MARKER, at)) != -1:
        following = source[at + 1 : at + 2]
        if following and following[0] != STUFFED and following[0] not in RESTART:
            return at
        at += 2
    return len(source)
