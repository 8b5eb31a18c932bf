"""Finding an address without it being written anywhere: by its digest in each petition, or a keyed hash for a day.

An address is looked for under each version of its canonical form: what is stored may be from before the newest.
"""

from actions.rules import address

from .keys import address_digest, keyed
from .models import Petition, Signature
from .own_keys import require_digest_secret


def digests_in(petition: Petition, email: str) -> list[bytes]:
    """What stands for the address in one petition: today, and under versions before where that differs.

    Raises BadAddress.
    """
    salt = bytes(petition.digest_salt)
    return [address_digest(salt=salt, canonical_address=canonical) for canonical in address.every_canonical(email)]


def digests_of(email: str) -> list[tuple[int, bytes]]:
    """Petition id and digest of the address in every petition that has its salt. Raises BadAddress, WrongSecret."""
    require_digest_secret()
    rows = Petition.objects.exclude(digest_salt=b"").order_by("pk").only("pk", "digest_salt")
    return [(petition.pk, digest) for petition in rows for digest in digests_in(petition, email)]


def signatures_of(email: str) -> list[Signature]:
    """All signatures of an address, oldest first. Raises BadAddress, WrongSecret."""
    found: list[Signature] = []
    for pk, digest in digests_of(email):
        # Petitions are few, and both have an index: a look-up each, no scan.
        found += Signature.objects.of_address(pk, digest).select_related("petition__secret", "signer__consent_text")
    return sorted(found, key=lambda signature: signature.signed_at)


def address_key(email: str) -> bytes:
    """Stands for an address in the count of a day's mails. Raises BadAddress."""
    return keyed(b"mails of the day 1", address.canonical(email).encode())
