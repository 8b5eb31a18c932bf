"""Which words a signer agreed to: the text that was shown, kept once per version."""

import hashlib

from django.db import IntegrityError, transaction
from django.db.models import Max

from .models import ConsentText


def fingerprint(*, language: str, contact_action: str, contact_other: str) -> str:
    """Stands for one wording in one language; travels with the form, so that a stale page is noticed."""
    return hashlib.sha256("\0".join((language, contact_action, contact_other)).encode()).hexdigest()


def known(shown: str) -> ConsentText | None:
    return ConsentText.objects.filter(fingerprint=shown).first()


def record(*, language: str, contact_action: str, contact_other: str) -> ConsentText:
    """The version of these words; a new one where they were never used before."""
    print_ = fingerprint(language=language, contact_action=contact_action, contact_other=contact_other)
    while (text := known(print_)) is None:
        last = ConsentText.objects.filter(language=language).aggregate(n=Max("version"))["n"] or 0
        try:
            with transaction.atomic():
                return ConsentText.objects.create(
                    language=language,
                    version=last + 1,
                    contact_action=contact_action,
                    contact_other=contact_other,
                    fingerprint=print_,
                )
        except IntegrityError:
            continue  # somebody else recorded a version at the same moment; look again
    return text
