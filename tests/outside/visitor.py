"""Somebody with a browser: asks for addresses of the site at the port where one of its surfaces is."""

from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import requests

HOST = "actions.example.org"
ORIGIN = f"https://{HOST}"
REDIRECTS = (301, 302, 303, 307, 308)
MOST = 5


class Answer(NamedTuple):
    """What came, at the address it came from in the end, and the statuses on the way there."""

    status: int
    headers: requests.structures.CaseInsensitiveDict
    content: bytes
    url: str
    way: tuple[int, ...]

    def __repr__(self) -> str:
        return f"<{self.status} {self.kind}>"  # no word of a page or an address, for it may be somebody's own

    @property
    def kind(self) -> str:
        """The content type without its parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip()

    @property
    def leads_on(self) -> bool:
        return self.status in REDIRECTS

    @property
    def text(self) -> str:
        return self.content.decode(errors="replace")


class Elsewhere(Exception):
    """A redirect that leaves the site, or never ends."""


class Visitor:
    """Talks to `server` under the name of the site."""

    def __init__(self, server: str, headers: dict[str, str] | None = None) -> None:
        self.server = server
        self.session = requests.Session()
        self.session.trust_env = False  # no proxy between
        self.session.headers.update({"Host": HOST, "Accept-Encoding": "identity", **(headers or {})})

    def get(self, address: str, **more) -> Answer:
        return self.ask("GET", address, **more)

    def post(self, address: str, data: dict[str, str], **more) -> Answer:
        return self.ask("POST", address, data=data, **more)

    def ask(self, method: str, address: str, *, data: dict[str, str] | None = None, follow: bool = False) -> Answer:
        """Ask for a path or a whole address of the site. With `follow` as a browser would, to where it leads."""
        url, way = urljoin(ORIGIN + "/", address), []
        while True:
            sent = self._once(method, url, data)
            answer = Answer(sent.status_code, sent.headers, sent.content, url, tuple(way))
            if not follow or not answer.leads_on:
                return answer
            way.append(answer.status)
            url = urljoin(url, answer.headers["Location"])
            if len(way) > MOST:
                raise Elsewhere(f"more than {MOST} redirects")
            if method == "POST" and answer.status in (301, 302, 303):
                method, data = "GET", None

    def _once(self, method: str, url: str, data: dict[str, str] | None) -> requests.Response:
        parts = urlsplit(url)
        if f"{parts.scheme}://{parts.netloc}" != ORIGIN:
            raise Elsewhere(f"a redirect to {parts.scheme}://{parts.netloc}")
        place = parts.path + (f"?{parts.query}" if parts.query else "")
        return self.session.request(method, self.server + place, data=data, timeout=30, allow_redirects=False)
