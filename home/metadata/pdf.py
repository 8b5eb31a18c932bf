"""Strip PDFs: author, program, dates, XMP, what programs left for themselves, earlier versions, names beside notes, and
the metadata of the pictures inside."""

import zlib
from typing import IO

import pikepdf

from .pictures import strip_jpeg
from .refused import Reason, Refused

# What any part of a document may say about itself (ISO 32000-2).
TELLING = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/SpiderInfo", "/Collection")
# What a note says about who wrote it and when. In a field of a form /T is the field's name, which it needs.
OF_NOTES = ("/T", "/M", "/CreationDate", "/NM", "/RC")


def strip_pdf(source: IO[bytes], target: IO[bytes]) -> None:
    """Write a PDF without its metadata. Raises Refused: locked, signed, or with files inside."""
    try:
        with pikepdf.open(source) as pdf:
            if pdf.is_encrypted:
                raise Refused(Reason.LOCKED)
            if "/Info" in pdf.trailer:
                del pdf.trailer["/Info"]
            for part in pdf.objects:
                _strip(part)
            pdf.remove_unreferenced_resources()
            pdf.save(target, static_id=True)  # only what is in use, so no earlier version either
    except pikepdf.PasswordError as error:
        raise Refused(Reason.LOCKED) from error
    except (pikepdf.PdfError, zlib.error, ValueError, TypeError, RuntimeError) as error:
        raise Refused(Reason.DAMAGED) from error


def _strip(part: pikepdf.Object) -> None:
    """One object, and the dictionaries and lists that stand in it."""
    if isinstance(part, pikepdf.Array):
        for inner in part:  # type: ignore[attr-defined]
            if isinstance(inner, pikepdf.Dictionary | pikepdf.Array) and not inner.is_indirect:
                _strip(inner)
        return
    if not isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
        return
    kind = str(part.get("/Type", ""))
    if kind == "/EmbeddedFile" or "/EF" in part or "/EmbeddedFiles" in part:
        raise Refused(Reason.FILES_INSIDE)
    if kind == "/Sig" and "/ByteRange" in part:
        raise Refused(Reason.SIGNED)
    for name in TELLING:
        if name in part:
            del part[name]
    if kind == "/Annot" or ("/Rect" in part and "/Subtype" in part):
        _strip_note(part)
    if isinstance(part, pikepdf.Stream):
        _strip_stream(part)
    for name in list(part.keys()):
        inner = part[name]
        if isinstance(inner, pikepdf.Dictionary | pikepdf.Array) and not inner.is_indirect:
            _strip(inner)


def _strip_note(part: pikepdf.Object) -> None:
    if str(part.get("/Subtype", "")) != "/Widget":
        for name in OF_NOTES:
            if name in part:
                del part[name]


def _strip_stream(part: pikepdf.Stream) -> None:
    """A photograph in it stands there as it was, with all that its camera wrote."""
    found = part.get("/Filter")
    filters = [str(one) for one in found] if isinstance(found, pikepdf.Array) else [str(found)]  # type: ignore[attr-defined]
    if "/JPXDecode" in filters:
        _strip_jpeg2000(part, filters)
    if "/DCTDecode" not in filters:
        return
    raw = bytes(part.get_raw_stream_buffer())
    if filters == ["/FlateDecode", "/DCTDecode"]:
        raw = zlib.decompress(raw)
    elif filters != ["/DCTDecode"]:
        raise Refused(Reason.DAMAGED)
    decoding = part.get("/DecodeParms")
    if isinstance(decoding, pikepdf.Array):
        decoding = decoding[-1]
    part.write(
        strip_jpeg(raw),
        filter=pikepdf.Name.DCTDecode,
        decode_parms=decoding if isinstance(decoding, pikepdf.Dictionary) else None,
    )


def _strip_jpeg2000(part: pikepdf.Stream, filters: list[str]) -> None:
    if filters != ["/JPXDecode"]:
        raise Refused(Reason.DAMAGED)
    raw = bytes(part.get_raw_stream_buffer())
    if raw[:2] == b"\xff\x4f":  # the bare code, without boxes
        return
    kept, at = bytearray(), 0
    while at + 8 <= len(raw):
        length, kind = int.from_bytes(raw[at : at + 4]), raw[at + 4 : at + 8]
        end = len(raw) if length == 0 else at + length
        if length == 1 or end <= at or end > len(raw):
            raise Refused(Reason.DAMAGED)
        if kind not in (b"uuid", b"xml ", b"uinf"):
            kept += raw[at:end]
        at = end
    part.write(bytes(kept), filter=pikepdf.Name.JPXDecode)
