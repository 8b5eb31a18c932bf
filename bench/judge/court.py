"""What is judged: the demo behind nginx as deploy/ has it, without TLS and with, and the answers it gives, as files."""

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bench.proxy import Proxy
from bench.site import Site

from .tools import FOLDER

HOST = "localhost"
OFTEN = "10000r/s"  # tools ask for more in a second than a person does in an hour
OPEN = {
    "nb": "/nb/aksjoner/stans-henrettelsene/",
    "nn": "/nn/aksjonar/stans-avrettingane/",
    "en": "/en/actions/stop-the-executions/",
}
ENDED = "/nb/aksjoner/xinjiang/"
PARTS = ("thanks/", "embed/", "embed/thanks/", "privacy/", "?s=street")
BESIDES = (
    *(path + part for path in OPEN.values() for part in PARTS),
    *(f"/{code}/my-signature/" for code in OPEN),
    f"{ENDED}letter/",
    f"{ENDED}embed/",
    "/nb/aksjoner/?q=finnesikke&state=open",
    "/nb/finnes-ikke/",
)
WRONG = {"name": "", "email": "kari"}
GOOD = {"name": "Kari Nordmann", "email": "kari@example.org", "old_enough": "on"}
POSTED = ((OPEN["nb"], WRONG, {}), (ENDED, GOOD, {}), (OPEN["en"], GOOD, {"Sec-Fetch-Site": "cross-site"}))


class Answer(NamedTuple):
    path: str
    status: int
    file: Path


class Court(NamedTuple):
    """`url` without TLS, `tls` with, `port` where there is none and http leads to https; `pages` are HTML answers."""

    site: Site
    url: str
    tls: int
    plain: int
    certificate: Path
    folder: Path
    mails: Path
    pages: list[Answer]

    def path(self, kind: str) -> str:
        """Of a picture and of a file that stands still: addresses that pages name."""
        text = (self.folder / "nb.html").read_text()
        found = re.search(rf'["(\s](/{kind}/[^"\s,)]+)', text)
        if not found:
            raise RuntimeError(f"no address under /{kind}/ on the home page")
        return found[1]


@contextmanager
def sitting() -> Iterator[Court]:
    """A served site, and everything that is to be judged in a folder of var/judge."""
    folder, mails = FOLDER / "answers", FOLDER / "mails"
    for one in (folder, mails):
        shutil.rmtree(one, ignore_errors=True)
        one.mkdir(parents=True)
    key, certificate = _certificate(FOLDER)
    with ExitStack() as stack:
        site = Site("judge", pictures=True, EMAIL_URL=f"filemail:///{mails}")
        stack.callback(site.stop)
        site.manage("db_worker", "--queue-name", "*", "--batch")  # pictures in their sizes
        site.start()
        proxy = stack.enter_context(Proxy(site, requests=OFTEN, misses=OFTEN))
        secure = stack.enter_context(Proxy(site, requests=OFTEN, misses=OFTEN, tls=(certificate, key)))
        shutil.copytree(proxy.folder, folder / "nginx", ignore=shutil.ignore_patterns("*temp*", "cache", "pid"))
        _of_its_own_place(folder / "nginx", proxy.folder)
        pages = list(_answers(proxy.url, folder))
        yield Court(site, proxy.url, secure.port, secure.plain, certificate, folder, mails, pages)


def _of_its_own_place(copy: Path, folder: Path) -> None:
    for file in copy.glob("*.conf"):
        file.write_text(file.read_text().replace(str(folder), str(copy)))


def _answers(url: str, folder: Path) -> Iterator[Answer]:
    """Every page of the sitemap, what hangs on them, and answers to what is wrong."""
    told = requests.get(f"{url}/sitemap.xml", timeout=120).text
    paths = [urlsplit(found).path for found in re.findall(r"<loc>([^<]+)</loc>", told)]
    for path in dict.fromkeys([*paths, *BESIDES]):
        yield _kept(path, requests.get(url + path, timeout=120), folder)
    for number, (path, data, headers) in enumerate(POSTED):
        answer = requests.post(url + path, data, headers=headers, timeout=120, allow_redirects=False)
        yield _kept(f"{path}posted-{number}", answer, folder)
    for code in OPEN:
        (folder / f"{code}.atom").write_bytes(requests.get(f"{url}/{code}/feed/", timeout=120).content)
    (folder / "openapi.json").write_bytes(requests.get(f"{url}/api/v1/openapi.json", timeout=120).content)


def _kept(path: str, answer: requests.Response, folder: Path) -> Answer:
    file = folder / (re.sub(r"\W+", "-", path).strip("-") + ".html")
    file.write_bytes(answer.content)
    if "html" not in answer.headers["Content-Type"] or not answer.content:
        raise RuntimeError(f"{path}: {answer.status_code}, {answer.headers['Content-Type']}, no page")
    return Answer(path, answer.status_code, file)


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A key and a certificate for localhost, signed by itself, good for a day."""
    folder.mkdir(parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    of_key, of_certificate = folder / "key.pem", folder / "certificate.pem"
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    of_key.write_bytes(key.private_bytes(*form))
    of_certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return of_key, of_certificate
