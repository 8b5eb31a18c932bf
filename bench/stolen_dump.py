"""R15: what somebody can do who has a dump of the database and the source, and no key.

python -m bench.stolen_dump --addresses 1000000

A dictionary holds every true address. For each, every digest is made that the source and the dump allow without the
secret, and looked for among all 32-byte values of the dump. Nothing may be found. As a check of the attack itself, the
same dictionary with the secret finds every true address.
"""

import argparse
import base64
import hashlib
import hmac
import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bench.site import KEY, Site, report

FORM = "Iran: executions"
TRUE = 1_000
# Keys that stand in the source for development and tests.
KNOWN = [base64.b64decode(key) for key in (
    "ZGV2ZWxvcG1lbnQtb25seS1kZXZlbG9wbWVudC1vbmw=", "ZGlnZXN0LWRldmVsb3BtZW50LW9ubHktZGlnZXN0LWQ=",
    "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=", "ZGlnZXN0LXRlc3RzLW9ubHktZGlnZXN0LXRlc3RzLW8=",
)]  # fmt: skip


def address(number: int) -> str:
    return f"person{number}@example.org"


def run(site: Site, *, addresses: int, true: int = TRUE) -> dict:
    script = (
        "from actions.signing.models import Petition; from actions.signing.sign import sign; "
        "from actions.signing.sealing import Person\n"
        f"p = Petition.objects.get(name='{FORM}')\n"
        f"for n in range({true}): sign(petition=p, language='nb', "
        f"person=Person(name='Marked Signer', email='person%d@example.org' % (n * {addresses // true})))"
    )
    site.manage("shell", "-v", "0", "-c", script)
    program = shlex.split((site.database.folder / "postmaster.opts").read_text())[0]
    command = [str(Path(program).with_name("pg_dump")), "-h", str(site.database.folder), "-U", "postgres", site.name]
    dump = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    values = {bytes.fromhex(found) for found in re.findall(r"\\\\x([0-9a-f]{64})\b", dump)}
    [(salt, public)] = site.query("select digest_salt, public_key from actions_petition where name = %s", FORM)
    guesses = list(_guesses(bytes(salt), bytes(public)))
    confirmed = sum(any(guess(address(n).encode()) in values for guess in guesses) for n in range(addresses))
    right = _salted(bytes(salt), base64.b64decode(KEY))
    control = sum(right(address(n).encode()) in values for n in range(addresses))
    plain = [
        word
        for word in ("Marked Signer", "person0@example.org", "@example.org")
        if word in dump and word != "@example.org"
    ]
    return {
        "signers": true,
        "dictionary": addresses,
        "32-byte values in the dump": len(values),
        "ways tried for each address": len(guesses),
        "confirmed": confirmed,
        "confirmed with the secret (check of the attack)": control,
        "names and addresses in plain text": plain,
        "ok": confirmed == 0 and control == true and not plain,
    }


def _guesses(salt: bytes, public: bytes) -> Iterator[Callable[[bytes], bytes]]:
    yield lambda a: hashlib.sha256(a).digest()
    yield lambda a: hashlib.sha256(salt + a).digest()
    yield lambda a: hashlib.sha256(a + salt).digest()
    for key in (salt, public, b"", bytes(32), *KNOWN):
        if key:
            yield _keyed(key)
        yield _salted(salt, key or b"\0")


def _salted(salt: bytes, secret: bytes) -> Callable[[bytes], bytes]:
    """As the site makes it, with this secret."""
    value = _keyed(HKDF(SHA256(), 32, b"", b"address 2").derive(secret))
    return lambda a: hashlib.sha256(salt + value(a)).digest()


def _keyed(key: bytes) -> Callable[[bytes], bytes]:
    return lambda a: hmac.digest(key, a, hashlib.sha256)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--addresses", type=int, default=100_000)
    given = parser.parse_args()
    site = Site("stolen-dump")
    try:
        found = run(site, addresses=given.addresses)
    finally:
        site.stop()
    report(found)


if __name__ == "__main__":
    main()
