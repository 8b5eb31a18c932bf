"""Whether the secrets of this process are those of this database. With others, who has signed would be found nowhere,
and whoever signs again would be counted twice; a restore with the wrong ones looks well in all else.
"""

import hmac
from typing import Any

from django.conf import settings

from actions.rules import address

from . import audit, reading
from .keys import KeyLost, address_digest, keyed, unwrap
from .models import KeyCheck, PetitionSecret, Signature
from .sealing import SealBroken

DIGEST = "digest secret"
LOOKED_AT = 20  # signatures, or newest keys of forms


class WrongSecret(KeyLost):
    """SIGNER_DIGEST_SECRET is not the one that the addresses of this database were digested with."""


def digest_secret_is_own() -> bool:
    """Whether the digest secret is this database's. One that was never used is anybody's."""
    noted = KeyCheck.objects.filter(name=DIGEST).values_list("value", flat=True).first()
    return noted is None or hmac.compare_digest(bytes(noted), _value())


def require_digest_secret() -> None:
    """Raises WrongSecret, so that nobody is told of an address that nothing is stored about it."""
    if not digest_secret_is_own():
        raise WrongSecret


def note_digest_secret() -> bool:
    """Write down what the secret makes, once, where it is first used; returns whether it is this database's.

    A database of a version before has signatures already: then one of them must agree. Needs the master keys for that.
    """
    if KeyCheck.objects.filter(name=DIGEST).exists():
        return digest_secret_is_own()
    if _agrees() is False:
        return False
    KeyCheck.objects.bulk_create([KeyCheck(name=DIGEST, value=_value())], ignore_conflicts=True)
    return digest_secret_is_own()


def master_keys_are_own() -> bool:
    """Whether the newest forms' keys can be opened by this process; forms whose key was destroyed have none."""
    wrapped = PetitionSecret.objects.order_by("-pk").values_list("wrapped_key", flat=True)[:LOOKED_AT]
    try:
        for one in wrapped:
            unwrap(bytes(one))
    except KeyLost:
        return False
    return True


def _value() -> bytes:
    return keyed(b"check 1", DIGEST.encode())


def _agrees() -> bool | None:
    """Whether the newest signatures have the digest that this secret makes of their address; None where none tells."""
    opening: dict[str, Any] = {"verb": audit.Verb.MATCHED, "by": audit.WORKER, "purpose": DIGEST}
    rows = Signature.objects.filter(signer__isnull=False).exclude(petition__digest_salt=b"")
    told = None
    for signature in rows.select_related("signer", "petition__secret").order_by("-signed_at")[:LOOKED_AT]:
        form = signature.petition
        try:
            person = reading.read(signer=signature.signer, petition=form, **opening)
            known = address.every_canonical(person.email)
        except (KeyLost, SealBroken, address.BadAddress):
            continue
        salt = bytes(form.digest_salt)
        if bytes(signature.digest) in [address_digest(salt=salt, canonical_address=canonical) for canonical in known]:
            return True  # one that repeats another, or was taken back, has a digest that is noise
        told = False
    return told if settings.SIGNER_MASTER_KEYS else None
