"""R19: bodies that no browser sends, at every public address that takes a POST. The long form, `-m long`, sends 10 000.

Seen to fail with any text accepted as a country.
"""

import logging
import random
import resource
import time
from urllib.parse import quote_from_bytes, urlencode

import pytest

from actions.signing import links
from actions.signing.models import Signature, Signer
from actions.signing.sign import sign
from tests.factories import PetitionFactory, action, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_are_kept")]

FORM = "application/x-www-form-urlencoded"
FIELDS = [
    "name", "email", "country", "postcode", "phone", "comment", "place", "consent_shown", "contact_action", "do",
    "code", "contact_other", "show_name", "old_enough", "website", "seconds", "csrfmiddlewaretoken",
]  # fmt: skip
KINDS = [FORM, "application/octet-stream", "multipart/form-data", "text/plain; charset=utf-7", FORM + "; charset=x"]
PIECES = [
    b"\x00", b"\xff\xfe", b"\xed\xa0\x80", "\u202e".encode(), "\u200b\u2066".encode(), b"' or 1=1 --", b"<script>",
    b"{{7*7}}", b"%s%n%d", b"../../etc/passwd", b"\r\nBcc: x@y.z", b"A" * 5000, "ı".encode() * 300,
    "🏳️‍🌈".encode() * 50,
    b"kari@example.org", b"kari@[127.0.0.1]", b'"a b"@example.org', b"a@" + b"b." * 100 + b"no", b"NO", b"on",
    b"confirm", b"-1", b"99999999999999999999", b"\x1b[31m", "é".encode("latin-1"), "𝓚𝓪𝓻𝓲".encode(), b"", b" ",
]  # fmt: skip


def bodies(number, seed=7):
    """`number` bodies with their content types, the same ones every time."""
    chance = random.Random(seed)
    for count in range(number):
        kind = chance.randrange(12)
        if kind >= 8:  # right but for a field or two, so that it comes as far as it can
            pairs = {"name": "Kari", "email": f"kari{count}@example.org", "old_enough": "on", "code": "AAAA2222"}
            fields = [FIELDS[count % len(FIELDS)], *chance.choices(FIELDS, k=chance.randrange(2))]
            hostile = {field: b"".join(chance.choices(PIECES, k=chance.randrange(1, 3))) for field in fields}
            yield urlencode(pairs | hostile).encode(), FORM
        elif kind < 4:
            fields = chance.choices(FIELDS, k=chance.randrange(1, 14))
            values = [b"".join(chance.choices(PIECES, k=chance.randrange(1, 4))) for _ in fields]
            pairs = [f"{f}={quote_from_bytes(value)}".encode() for f, value in zip(fields, values, strict=True)]
            yield b"&".join(pairs), FORM
        elif kind == 4:
            yield bytes(chance.randrange(256) for _ in range(chance.randrange(2000))), chance.choice(KINDS)
        elif kind == 5:
            parts = b"".join(
                b'--b\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
                % (
                    chance.choice(FIELDS).encode(),
                    chance.choice([b"", b'; filename="x"', b"\x00"]),
                    chance.choice(PIECES),
                )
                for _ in range(chance.randrange(6))
            )
            yield parts + chance.choice([b"--b--\r\n", b"--b", b""]), "multipart/form-data; boundary=b"
        elif kind == 6:
            yield b"&".join(b"f%d=1" % n for n in range(chance.choice([10, 900, 10_500]))), FORM
        else:
            yield b"name=" + b"a" * chance.choice([10, 100_000, 2_000_000]) + b"&email=k@example.org", FORM


def _megabytes() -> float:
    """The most memory that this process has taken so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.fixture(autouse=True)
def _log_goes_on():
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("number", [250, pytest.param(10_000, marks=pytest.mark.long)])
@pytest.mark.parametrize(
    "where", ["sign", "mine", "stop", "ask", pytest.param("code", marks=pytest.mark.django_db(transaction=True))]
)
def test_hostile_bodies_get_a_readable_refusal(where, number, client, site, record_property):
    client.raise_request_exception = False
    petition = PetitionFactory(
        ask_country=True, ask_postcode=True, ask_phone=True, ask_comment=True, show_names=True, minimum_age=15
    )
    page = action(site, petition)
    sign(petition=petition, person=person(), language="nb")
    token, _code = links.make_link(Signature.objects.get(), with_code=True)
    address = {
        "sign": page.get_url(),
        "mine": f"/nb/my-signature/{token}/",
        "stop": f"/nb/my-signature/{token}/stop/",
        "ask": "/nb/my-signature/",
        "code": f"/nb/my-signature/code/{petition.pk}/",
    }[where]
    if number >= 10_000:  # the log that pytest keeps holds each request with its body
        logging.disable(logging.CRITICAL)
    slowest = 0.0
    for count, (body, kind) in enumerate(bodies(number)):
        if count == number // 20:  # by then everything has been loaded that is loaded once
            before = _megabytes()
        begun = time.monotonic()
        answer = client.generic("POST", address, body, kind, REMOTE_ADDR=f"10.{count // 250}.{count % 250}.1")
        slowest = max(slowest, time.monotonic() - begun)
        assert answer.status_code < 500, (answer.status_code, kind, body[:200])
        if answer.status_code not in (303, 429):
            assert b'lang="nb"' in answer.content, (answer.status_code, kind)
    grown = _megabytes() - before
    record_property("bodies, slowest in s, MB more", (number, round(slowest, 2), round(grown)))
    if number >= 10_000:
        assert grown < 50
        assert slowest < 1
    if where == "sign":
        assert Signature.objects.count() > number / 20  # some get through, cleaned
    for signature in Signature.objects.all():
        assert signature.state in Signature.State.values
        assert signature.country in ("", "NO")
    assert Signer.objects.count() <= Signature.objects.count()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "PROPFIND"])
def test_other_methods_are_refused(method, client, site):
    page = action(site, PetitionFactory())
    for address in (page.get_url(), "/nb/my-signature/", "/nb/my-signature/x/"):
        assert client.generic(method, address).status_code in (200, 404, 405)
    assert not Signature.objects.exists()
