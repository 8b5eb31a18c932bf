"""The digests under which the addresses of a journal must be found."""

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bench.site import KEY


def digests(addresses: list[str], *, salt: bytes) -> set[bytes]:
    key = HKDF(SHA256(), length=32, salt=b"", info=b"address 2").derive(base64.b64decode(KEY))
    values = (hmac.digest(key, address.encode(), hashlib.sha256) for address in addresses)
    return {hashlib.sha256(salt + value).digest() for value in values}
