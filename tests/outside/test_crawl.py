"""Every address that the site gives to anybody keeps what it promises.

One crawl, through nginx on the public surface: pages, style sheets, feeds, sitemap, interface for programs, PDFs, every
kind of mail. What is broken and known stands in `known`; anything else that is broken fails.
"""

import json
import re
from base64 import b64decode
from collections import defaultdict
from collections.abc import Iterator
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from actions.signing.models import OutboxMail
from bench.processes import ROOT

from .contents import READERS, in_answer, in_mail
from .crawler import Crawler
from .document import Document
from .journeys import AT_ONCE, Journeys
from .known import KNOWN
from .links import PAGE, Link, in_pdf
from .promises import SECRET, Broken, Found
from .visitor import ORIGIN

pytestmark = pytest.mark.processes

LANGUAGES = [code for code, _name in settings.LANGUAGES]
# What browsers and people ask for by themselves.
BY_THEMSELVES = {
    "/": PAGE,
    "/nb": PAGE,
    AT_ONCE.rstrip("/"): PAGE,
    AT_ONCE.upper(): PAGE,
    "/NB/": PAGE,
    "/favicon.ico": "image/",
    "/apple-touch-icon.png": "image/",
    "/robots.txt": "text/plain",
    "/sitemap.xml": "application/xml",
    "/.well-known/security.txt": "text/plain",
}


@pytest.fixture(scope="session")
def crawled(deployed, everything):
    """What was opened, what is broken, and the mails that were looked into."""
    embedded = everything["types"]["ActionPage"]["url"] + "embed/"
    journeys = Journeys(deployed, embedded)
    crawler = Crawler(deployed.public)
    crawler.crawl(_starts(deployed, everything, journeys))
    broken = [*crawler.broken, *_clicks(deployed.public, journeys.letters)]
    # What is masked may be the same.
    unique = [*dict.fromkeys(broken)]
    return SimpleNamespace(opened=crawler.opened, broken=unique, busy=crawler.busy, letters=journeys.letters)


def _starts(deployed, everything, journeys) -> Iterator[Found]:
    def asked(address: str, where: str, kind: str = "") -> Found:
        return Found(Link(address, "address", kind), ORIGIN + "/", where)

    def sent(links, where: str) -> Iterator[Found]:
        yield from (Found(link, "", where) for link in links)

    for address, kind in BY_THEMSELVES.items():
        yield asked(address, "asked for by itself", kind)
    for code in LANGUAGES:
        yield asked(f"/{code}/", "home", PAGE)
    number = json.loads(deployed.public.get("/api/v1/actions").content)["items"][0]["id"]
    words = dict(deployed.site.query("select language, max(version)::text from actions_consenttext group by 1"))
    for address in re.findall(r"`(/[\w./-]+)`", (ROOT / "docs/api.md").read_text()):
        if not address.startswith(settings.NOT_FOR_EVERYBODY):  # `test_programs` asks those
            for code in LANGUAGES:
                filled = address.replace("ID", number).replace("LANGUAGE", code).replace("VERSION", words[code])
                yield asked(filled, "docs/api.md")
    for address in journeys.places:
        yield asked(address, "what people do", PAGE)
    for kind, mail in journeys.letters:
        if kind != "staff":
            yield from sent(in_mail(mail), f"mail {kind}")
    yield from sent(Document(everything["snippet"], whole=True).links, "code for other sites")
    yield from sent(in_pdf(b64decode(everything["sheet"])), "signing sheet")


def _clicks(visitor, letters) -> Iterator[Broken]:
    """A mail program ends contact by one POST (RFC 8058)."""
    for kind, mail in letters:
        for link in in_mail(mail):
            if link.place == "List-Unsubscribe" and "List-Unsubscribe-Post" in mail:
                status = visitor.post(link.address, {"List-Unsubscribe": "One-Click"}).status
                if status not in (200, 202, 204):
                    yield Broken.of(Found(link, "", f"mail {kind}"), "POST", "200, 202 or 204 itself", str(status))


def test_nothing_is_broken_but_the_known_kinds(crawled):
    """Seen to fail with a misspelt address in the footer, and with a part of a page that is linked and not there."""
    broken = [one for one in crawled.broken if not any(kind.fits(one) for kind in KNOWN.values())]
    assert not broken, "\n".join(map(str, broken))


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(name, marks=pytest.mark.xfail(raises=AssertionError, reason=kind.why, strict=True))
        for name, kind in KNOWN.items()
    ],
)
def test_a_known_kind_of_broken_promise_is_mended(kind, crawled):
    broken = [one for one in crawled.broken if KNOWN[kind].fits(one)]
    assert not broken, "\n".join(map(str, broken))


def test_every_kind_of_mail_was_looked_into(crawled):
    assert {kind for kind, _mail in crawled.letters} == {*OutboxMail.Kind.values, "staff", "trial"}


def test_the_crawl_came_everywhere(crawled):
    """Every kind of thing that the site gives out was opened, in every language."""
    kinds = {opened.last.kind for opened in crawled.opened.values()}
    text = {"text/html", "text/css", "text/javascript", "text/plain", "application/xml", "application/json"}
    assert kinds >= text | {"application/atom+xml", "application/pdf", "font/woff2"}
    assert kinds >= {"image/svg+xml", "image/jpeg", "image/webp", "image/avif"}
    for code in LANGUAGES:
        assert len([address for address in crawled.opened if address.startswith(f"{ORIGIN}/{code}/")]) > 40


def test_the_site_was_hardly_ever_busy(crawled):
    """The crawler comes back after a 503, and so would hide a site that gives one again and again."""
    assert len(crawled.busy) <= len(crawled.opened) / 100, f"{len(crawled.busy)} answers of 503"


# What is read for addresses and has none, and why. Whatever else has none was read by somebody blind.
WITHOUT_LINKS = {
    r"/api/v1/actions/\*/total": "numbers",
    r"/api/v1/actions/\*/history": "numbers and days",
    r"/api/v1/actions/\*/deliveries": "numbers and days",
    r"/\w\w/[\w/-]+/letter/pdf/": "a letter to somebody in power, to be printed",
    r"/\w\w/my-signature/<token>/copy\.json": "what is held of one signer",
    r"/documents/\*/document-\*\.pdf": "a file of an editor's",
    r"/static/css/site\.\*\.css": "a style sheet without typefaces and pictures",
}
# Where addresses stand in each kind of mail.
TO_SIGNERS = {"text of mail", "HTML of mail", "List-Unsubscribe"}
PLACES_IN_MAILS = dict.fromkeys(OutboxMail.Kind.values, TO_SIGNERS) | {
    "code": set(),  # names nothing, and leads nowhere
    "trial": {"text of mail", "HTML of mail"},  # to staff, who get no other
    "staff": {"text of mail"},
}


def without_values(path: str) -> str:
    """A path without what is of one thing only: secrets, identities, digests and numbers."""
    path = SECRET.sub(r"\1<token>", path)
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{12}\b|\b\d+\b", "*", path)


def test_what_has_no_link_is_named(crawled):
    """Seen to fail with a reader of style sheets, and one of JSON, that finds nothing."""
    answers = [opened.last for opened in crawled.opened.values() if opened.last.status == 200]
    read = [answer for answer in answers if answer.kind in READERS]
    blind = {without_values(urlsplit(answer.url).path) for answer in read if not in_answer(answer)}
    assert [path for path in blind if not any(re.fullmatch(known, path) for known in WITHOUT_LINKS)] == []
    assert [known for known in WITHOUT_LINKS if not any(re.fullmatch(known, path) for path in blind)] == []
    # PDFs print addresses and have no links; `test_links` shows that one would be found.
    with_links = {answer.kind for answer in read if in_answer(answer)}
    assert with_links == set(READERS) - {"application/pdf", "application/manifest+json"}


def test_where_mails_have_their_links(crawled):
    """Seen to fail with a reader of mails that leaves out the HTML part."""
    found = defaultdict(set)
    for kind, mail in crawled.letters:
        found[kind] |= {link.place.partition(",")[0] for link in in_mail(mail)}
    assert found == PLACES_IN_MAILS


def test_staff_come_in_where_their_mails_lead_and_nobody_else(crawled, deployed):
    mails = [mail for kind, mail in crawled.letters if kind == "staff"]
    addresses = {link.address for mail in mails for link in in_mail(mail)}
    assert len(addresses) > 1
    for address in addresses:
        assert address.startswith(deployed.tunnel), "not where staff come"
        path = address.removeprefix(deployed.tunnel)
        assert deployed.public.get(path, follow=True).status == 404
        answer = deployed.staff.get(path, follow=True)
        assert (answer.status, answer.kind, Document(answer.text).lang) == (200, PAGE, "nb")


@pytest.mark.parametrize("path", settings.NOT_FOR_EVERYBODY)
def test_what_is_not_for_everybody_is_not_there(path, deployed):
    answers = [deployed.public.ask(method, path, follow=True) for method in ("GET", "HEAD", "POST")]
    assert [answer.status for answer in answers] == [404, 404, 404]
