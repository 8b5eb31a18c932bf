"""What an address promises by the way it is written and by the place it stands in, and how it can break that."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin, urlsplit

from django.conf import settings

from .document import Document
from .links import Link
from .visitor import HOST, ORIGIN, Answer

SECRET = re.compile(r"(/my-signature/)[\w-]{43}")
MAILBOX = r"[^@\s?,]+@[\w.-]+\.\w+"
TO_WRITE_TO = re.compile(rf"mailto:({MAILBOX}(,{MAILBOX})*)?(\?[^\s#]+)?|(tel|sms):(\+?[\d-]+)?(\?[^\s#]+)?")
ELSEWHERE = re.compile(r"https://([a-z0-9-]+\.)+[a-z]{2,}(/\S*)?(\?\S*)?(#\S*)?", re.IGNORECASE)


class Found(NamedTuple):
    """A link, the address that completes it, and in words where it was found."""

    link: Link
    page: str
    where: str


class Broken(NamedTuple):
    """A promise that was not kept. `of` masks the secrets in addresses."""

    address: str
    where: str
    method: str
    promised: str
    came: str

    def __str__(self) -> str:
        return f"{self.method} {self.address} ({self.where}): {self.promised} was promised, {self.came} came"

    @classmethod
    def of(cls, found: Found, method: str, promised: str, came: str) -> "Broken":
        address = urljoin(found.page, found.link.address) if method != "written" else found.link.address
        where = f"{found.where}, {found.link.place}"
        return cls(SECRET.sub(r"\1<token>", address), SECRET.sub(r"\1<token>", where), method, promised, came)


class Opened(NamedTuple):
    """What an address answers: at once, in the end, and to HEAD."""

    first: Answer
    last: Answer
    head: Answer
    document: Document | None


def address_of(found: Found) -> str | None:
    """The address of the site to be opened; None for one that leads elsewhere. ValueError, with what it should be."""
    address = found.link.address.strip()
    if address.lower().startswith(("mailto:", "tel:", "sms:")):
        return _must(TO_WRITE_TO.fullmatch(address), "a valid address to write to")
    _must("://" in address or not found.link.whole, "a whole address")
    whole = urljoin(found.page, address)
    parts = urlsplit(whole)
    if parts.hostname != HOST:
        return _must(ELSEWHERE.fullmatch(whole), "a whole address with https")
    _must(f"{parts.scheme}://{parts.netloc}" == ORIGIN, ORIGIN)
    _must(not parts.path.startswith(settings.NOT_FOR_EVERYBODY), "an address for everybody")
    return whole


def _must(is_so: object, what: str) -> None:
    if not is_so:
        raise ValueError(what)


def not_kept(link: Link, opened: Opened) -> Iterator[tuple[str, str]]:
    """What a link promised, and what came."""
    last, page = opened.last, opened.document
    if not last.kind.startswith(link.kind):
        yield link.kind, last.kind
    if page is None:
        return
    if not page.lang:
        yield "a page that says its language", "one that does not"
    if link.lang and page.lang != link.lang:
        yield f"a page in {link.lang}", f"one in {page.lang}"
    fragment = urldefrag(link.address)[1]
    if fragment and fragment not in page.ids:
        yield f"the place #{fragment}", "a page without it"
