"""Keys of a petition: a pair to seal its signers, a salt to digest their addresses.

The secret half is wrapped by a master key (`SIGNER_MASTER_KEYS`; the first wraps, all unwrap). Without the salt the
digests are noise; without the wrapped secret nobody can read a signer.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from functools import lru_cache
from typing import NamedTuple

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey
from nacl.secret import SecretBox

from .models import Petition


class KeyLost(Exception):
    """No master key of this process opens the petition's secret key."""


class NewKeys(NamedTuple):
    public_key: bytes
    wrapped_secret_key: bytes
    digest_salt: bytes


def new_keys() -> NewKeys:
    secret = PrivateKey.generate()
    wrapped = SecretBox(_master_keys()[0]).encrypt(bytes(secret))
    return NewKeys(bytes(secret.public_key), bytes(wrapped), secrets.token_bytes(32))


def give_keys(petition: Petition) -> None:
    """Give a new petition its keys, once; one that has keys keeps them."""
    if not petition.public_key:
        petition.public_key, petition.wrapped_secret_key, petition.digest_salt = new_keys()


def secret_key(petition: Petition) -> PrivateKey:
    """The petition's secret key. Raises KeyLost."""
    for master in _master_keys():
        try:
            return PrivateKey(SecretBox(master).decrypt(bytes(petition.wrapped_secret_key)))
        except CryptoError:
            continue
    raise KeyLost


def address_digest(*, salt: bytes, canonical_address: str) -> bytes:
    """HMAC-SHA-256 of the canonical address under a key derived from our secret and the petition's salt."""
    key = _digest_key(settings.SIGNER_DIGEST_SECRET, bytes(salt))
    return hmac.digest(key, canonical_address.encode(), hashlib.sha256)


@lru_cache(maxsize=1024)
def _digest_key(secret: str, salt: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=salt, info=b"signature digest 1").derive(_decode(secret))


def _master_keys() -> list[bytes]:
    return [_decode(key) for key in settings.SIGNER_MASTER_KEYS]


def _decode(key: str) -> bytes:
    try:
        raw = base64.b64decode(key, validate=True)
    except binascii.Error:
        raise ImproperlyConfigured("A signer key is not valid base64.") from None
    if len(raw) != 32:
        raise ImproperlyConfigured("A signer key must be 32 bytes in base64.")
    return raw
