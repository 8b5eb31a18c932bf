"""What signers agreed to: the words that were shown, kept once per version, and the ledger of each giving and ending.

The flags of `Signer` say what stands now. Whatever changes one writes a row of the ledger, by a trigger of the
database; what changes it here says by what way.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.urls import reverse

from .models import Consent, ConsentRecord, ConsentText

Way = ConsentRecord.Way
CONTACT = (Consent.CONTACT_ACTION, Consent.CONTACT_OTHER)


def fingerprint(
    *, language: str, contact_action: str, contact_other: str, show_name: str = "", hand_over_name: str = ""
) -> str:
    """Stands for one wording in one language; travels with the form, so that a stale page is noticed."""
    names = (show_name, hand_over_name) if show_name or hand_over_name else ()
    return hashlib.sha256("\0".join((language, contact_action, contact_other, *names)).encode()).hexdigest()


def known(shown: str) -> ConsentText | None:
    return ConsentText.objects.filter(fingerprint=shown).first()


def record(
    *, language: str, contact_action: str, contact_other: str, show_name: str = "", hand_over_name: str = ""
) -> ConsentText:
    """The version of these words; a new one where they were never used before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select actions_record_words(%s, %s, %s, %s, %s)",
            [language, contact_action, contact_other, show_name, hand_over_name],
        )
        (found,) = cursor.fetchone()
    return ConsentText.objects.get(pk=found)


def address_of(text: ConsentText) -> str:
    """Where everybody can read these words."""
    return settings.SITE_URL + reverse("consent_words", args=[text.language, text.version])


def words(text: ConsentText, consent: str) -> str:
    """The words about one of the consents."""
    return getattr(text, consent)


def change(
    *,
    signatures: Iterable[UUID],
    consents: Iterable[Consent],
    given: bool,
    way: Way,
    at: datetime | None = None,
    text: ConsentText | None = None,
) -> int:
    """Give or end consents of signers; returns how many signers that changed.

    `at` is when it happened, where that was not now; `text` the words that were agreed to. Where risk is high nobody
    gives consent to contact. A first name that is no longer to be shown is off the page at once, in the database; who
    calls this forgets kept pages.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select actions_change_consents(%s::uuid[], %s::text[], %s, %s, %s, %s)",
            [list(signatures), [str(one) for one in consents], given, str(way), at, text.pk if text else None],
        )
        return cursor.fetchone()[0]


def history(signature: UUID) -> list[ConsentRecord]:
    """Every giving and ending of a signature, oldest first. Gone with the signer."""
    return list(ConsentRecord.objects.filter(signature=signature).select_related("consent_text").order_by("pk"))


def told(signature: UUID) -> list[dict[str, Any]]:
    """The history as plain values, for the signer's copy: what, when, by what way, and in which words."""
    return [_told(row) for row in history(signature)]


def _told(row: ConsentRecord) -> dict[str, Any]:
    text = row.consent_text
    return {
        "consent": row.consent,
        "given": row.given,
        "at": row.at.isoformat(),
        "way": row.way,
        "words": words(text, row.consent) if text else None,
        "version": str(text) if text else None,
        "url": address_of(text) if text else None,
    }


def standing(signatures: Iterable[UUID], consent: Consent) -> dict[UUID, ConsentRecord]:
    """The row by which a consent stands, of those who have given it and not ended it since: when and in which words.

    A confirmation from the mailbox is the newest such row of who had to confirm.
    """
    rows = (
        ConsentRecord.objects.filter(signature__in=list(signatures), consent=consent)
        .select_related("consent_text")
        .order_by("signature", "-pk")
        .distinct("signature")
    )
    return {row.signature_id: row for row in rows if row.given}


class Ended(NamedTuple):
    """An end that a restored backup may not know of; nothing of it names anybody."""

    signature: UUID
    consent: Consent
    at: datetime
    recorded_at: datetime


def ended_since(recorded: datetime | None = None) -> Iterator[Ended]:
    """Consents that were ended since an instant (or ever) and do not stand again, in the order of their recording."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select signature_id, consent, at, recorded_at from actions_consentrecord e
            where not given and recorded_at >= coalesce(%s, '-infinity'::timestamptz) and not exists (
                select from actions_consentrecord n
                where n.signature_id = e.signature_id and n.consent = e.consent and n.id > e.id)
            order by recorded_at, id
            """,
            [recorded],
        )
        for signature, consent, at, when in cursor.fetchall():
            yield Ended(signature, Consent(consent), at, when)
