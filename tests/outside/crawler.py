"""Opens every address that is found in what was opened before, and tells which do not keep what they promise."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qsl, urldefrag, urlsplit

from .contents import in_answer
from .document import Document
from .links import PAGE, Link
from .promises import Broken, Found, Opened, address_of, not_kept
from .visitor import Answer, Elsewhere, Visitor

THREADS = 4  # as many as the public surface has
MOST_ALIKE = 2  # from one question to the next: of questions that differ in their values only


class Crawler:
    """`crawl` from what was found elsewhere; then `broken` holds what is wrong, `opened` what was looked at, and `busy`
    the addresses that answered 503 at first, once for each time."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.opened: dict[str, Opened] = {}
        self.broken: list[Broken] = []
        self.busy: list[str] = []
        self._alike: Counter[tuple[str, ...]] = Counter()
        self._promises: dict[str, dict[Link, Found]] = defaultdict(dict)
        self._wrong: set[tuple[str, str]] = set()

    def crawl(self, found: Iterable[Found]) -> None:
        due = self._new(found)
        with ThreadPoolExecutor(THREADS) as pool:
            while due:
                answers = zip(due, pool.map(self._open, due), strict=True)
                opened = {address: answer for address, answer in answers if answer}
                self.opened |= opened
                due = self._new(found for one in opened.values() for found in _in(one))
        for address in self.opened:
            self._judge(address)

    def _new(self, found: Iterable[Found]) -> list[str]:
        """The addresses among these that were not seen before; of what is written wrongly it is said so, once."""
        new: dict[str, None] = {}
        for one in found:
            try:
                whole = address_of(one)
            except ValueError as error:
                self._is_wrong(one, str(error))
                continue
            address, fragment = urldefrag(whole or "")
            if not address or (address not in self._promises and self._is_like_others(address, one.page)):
                continue
            if address not in self._promises:
                new[address] = None
            self._promises[address].setdefault(one.link._replace(address=fragment, place=""), one)
        return list(new)

    def _is_like_others(self, address: str, page: str) -> bool:
        """All that can be asked for together has no end: of what one question leads to, a few of each kind will do."""
        parts = urlsplit(address)
        if not parts.query or not urlsplit(page).query:
            return False
        kind = parts.path, *sorted({name for name, _value in parse_qsl(parts.query, keep_blank_values=True)})
        self._alike[kind] += 1
        return self._alike[kind] > MOST_ALIKE

    def _is_wrong(self, found: Found, promised: str) -> None:
        key = (found.link.address, promised)
        if key not in self._wrong:
            self._wrong.add(key)
            self.broken.append(Broken.of(found, "written", promised, "another"))

    def _open(self, address: str) -> Opened | None:
        try:
            first, head = self._patiently("GET", address), self._patiently("HEAD", address)
            last = self.visitor.get(address, follow=True) if first.leads_on else first
        except Elsewhere as error:
            found = next(iter(self._promises[address].values()))
            self.broken.append(Broken.of(found, "GET", "an answer of the site", str(error)))
            return None
        return Opened(first, last, head, Document(last.text) if last.kind == PAGE else None)

    def _patiently(self, method: str, address: str) -> Answer:
        """Come back where the site says that it is busy: other tests may run beside."""
        answer = self.visitor.ask(method, address)
        for wait in (0.5, 1, 2):
            if answer.status != 503:
                break
            self.busy.append(address)
            time.sleep(wait)
            answer = self.visitor.ask(method, address)
        return answer

    def _judge(self, address: str) -> None:
        opened, promises = self.opened[address], list(self._promises[address].values())
        first, last, head = opened.first, opened.last, opened.head
        if last.status != 200:
            self.broken.append(Broken.of(promises[0], "GET", "200", str(last.status)))
            return
        if (head.status, head.kind) != (first.status, first.kind):
            told = f"{first.status} {first.kind}", f"{head.status} {head.kind}"
            self.broken.append(Broken.of(promises[0], "HEAD", *told))
        for found in promises:
            self.broken += [Broken.of(found, "GET", *told) for told in not_kept(found.link, opened)]


def _in(opened: Opened) -> list[Found]:
    """What is found in an answer; an error page is not the site's content."""
    last = opened.last
    found = in_answer(last) if last.status == 200 else []
    return [Found(link, last.url, urlsplit(last.url).path) for link in found]
