"""Which words a signer agreed to: the text that was shown, kept once per version."""

import hashlib

from django.db import connection

from .models import ConsentText


def fingerprint(*, language: str, contact_action: str, contact_other: str) -> str:
    """Stands for one wording in one language; travels with the form, so that a stale page is noticed."""
    return hashlib.sha256("\0".join((language, contact_action, contact_other)).encode()).hexdigest()


def known(shown: str) -> ConsentText | None:
    return ConsentText.objects.filter(fingerprint=shown).first()


def record(*, language: str, contact_action: str, contact_other: str) -> ConsentText:
    """The version of these words; a new one where they were never used before."""
    with connection.cursor() as cursor:
        cursor.execute("select actions_record_consent(%s, %s, %s)", [language, contact_action, contact_other])
        (found,) = cursor.fetchone()
    return ConsentText.objects.get(pk=found)
