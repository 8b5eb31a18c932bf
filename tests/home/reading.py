"""A rendered page, read as a browser reads it: its elements, what stands in them, and what they stand in."""

from html.parser import HTMLParser
from typing import NamedTuple

EMPTY = {"img", "input", "link", "meta", "source", "br", "hr"}


class Element(NamedTuple):
    tag: str
    attrs: dict[str, str | None]
    around: frozenset[str]  # tags and classes of the elements it stands in
    pieces: list[str]

    @property
    def text(self) -> str:
        return " ".join("".join(self.pieces).split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Element] = []
        self.open: list[Element] = []

    def handle_starttag(self, tag, attrs) -> None:
        around = {name for one in self.open for name in (one.tag, *(one.attrs.get("class") or "").split())}
        element = Element(tag, dict(attrs), frozenset(around), [])
        self.found.append(element)
        if tag not in EMPTY:
            self.open.append(element)

    def handle_endtag(self, tag) -> None:
        while self.open and self.open.pop().tag != tag:
            pass

    def handle_data(self, data) -> None:
        for element in self.open:
            element.pieces.append(data)


def elements(answer, tag: str, *inside: str) -> list[Element]:
    """Elements of an answer, in its order; only those within elements of every tag or class that is named."""
    reader = _Reader()
    reader.feed(answer.content.decode())
    return [one for one in reader.found if one.tag == tag and one.around.issuperset(inside)]
