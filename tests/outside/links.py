"""Addresses with what they promise, and where they hide in style sheets, JSON, XML, plain text and PDFs."""

import json
import re
import zlib
from collections.abc import Iterator
from mimetypes import guess_type
from typing import Any, NamedTuple
from xml.etree import ElementTree

PAGE, IMAGE, STYLE, SCRIPT, ATOM = "text/html", "image/", "text/css", "text/javascript", "application/atom+xml"

IN_TEXT = re.compile(r"\b(?:https?://|mailto:)[^\s<>\"”]+")
IN_STYLE = re.compile(r"url\(\s*['\"]?([^'\")]+)")
IN_PDF = re.compile(rb"/URI\s*\(((?:\\.|[^\\)])*)\)")
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


class Link(NamedTuple):
    """An address as it is written, and where. `kind` begins the content type that is promised, `lang` is the page's.

    `whole` addresses are read where there is no page to complete them: in a mail, a feed, by another site.
    """

    address: str
    place: str
    kind: str = ""
    lang: str = ""
    whole: bool = False


def in_style(text: str) -> list[Link]:
    return [Link(address, "url()", guess_type(address)[0] or "") for address in IN_STYLE.findall(text)]


def in_json(text: str | bytes, place: str = "JSON") -> list[Link]:
    """Every text that is an address. In JSON-LD an @id is a name, and @context says whose words are used."""

    def within(value: Any) -> Iterator[Link]:
        if isinstance(value, dict):
            value = [part for key, part in value.items() if key not in ("@id", "@context")]
        if isinstance(value, list):
            for part in value:
                yield from within(part)
        elif isinstance(value, str) and re.fullmatch(r"https?://\S+", value):
            yield Link(value, place, whole=True)

    return list(within(json.loads(text)))


def in_xml(text: str) -> list[Link]:
    """Of a sitemap: pages in their languages. Of a feed: its links; an id is a name."""
    found = []
    for element in ElementTree.fromstring(text).iter():  # noqa: S314 (our own)
        tag = element.tag.rpartition("}")[2]
        if tag == "loc":
            found.append(Link((element.text or "").strip(), "sitemap loc", PAGE, whole=True))
        elif tag == "link" and "href" in element.attrib:
            rel, lang = element.get("rel", "alternate"), element.get("hreflang", "")
            kind = ATOM if rel == "self" else PAGE
            found.append(Link(element.attrib["href"], f"{rel} link", kind, lang, whole=True))
    return found


def in_text(text: str) -> list[Link]:
    """What a mail program makes links of."""
    return [Link(found.rstrip(".,;:!?)'"), "text", whole=True) for found in IN_TEXT.findall(text)]


def in_pdf(content: bytes) -> list[Link]:
    """The addresses of a PDF's annotations, packed or not."""
    parts = [content]
    for stream in STREAM.findall(content):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return [Link(found.decode(), "PDF", whole=True) for part in parts for found in IN_PDF.findall(part)]
