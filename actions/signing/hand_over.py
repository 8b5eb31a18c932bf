"""What a form says of its hand-over before it is signed, and the record of what was said.

The words are made by the pages (actions/pages/hand_over.py); here they get a fingerprint that travels with the form, as
words of consent do. The database works out the same one from the form's settings, so that nobody is said to have been
told what the settings did not say. docs/decisions/0035.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import connection

from actions.rules.hand_over import columns

from .models import HandOverNotice, Petition


@dataclass(frozen=True)
class Named:
    """A recipient as signers are told of it: in the words of its record, and the country that can read the list."""

    id: int
    name: str
    office: str
    country: str

    def is_told_in(self, told: Iterable[dict[str, Any]]) -> bool:
        """Whether a notice named this office of this country. Who holds the office may change."""
        mine = (self.id, self.office, self.country)
        return any(mine == (one.get("id"), one.get("office"), one.get("country")) for one in told)


@dataclass(frozen=True)
class Notice:
    """What a form with a list of names says in one language. `words` stand beside the button, `label` at the tick."""

    level: str
    recipients: tuple[Named, ...]
    language: str
    words: str
    label: str

    def says_more_than(self, told: dict[str, Any]) -> bool:
        """Whether who agreed to what an older notice told has not agreed to all of this."""
        more_columns = set(columns(self.level)) - set(columns(told["level"]))
        return bool(more_columns) or not all(one.is_told_in(told["recipients"]) for one in self.recipients)

    @property
    def agreed_to(self) -> str:
        """The words somebody agrees to, as the ledger of consents keeps them."""
        return f"{self.label}\n{self.words}"

    @property
    def fingerprint(self) -> str:
        """Stands for all of it but the label; worked out in the same way by actions_record_hand_over."""
        parts = [self.level, self.language, self.words]
        for one in self.recipients:
            parts += [str(one.id), one.name, one.office, one.country]
        return sha256("\x1f".join(parts).encode()).hexdigest()


def record(*, petition: Petition, shown: str, notice: Notice) -> int | None:
    """The number of the notice that was shown, recorded where it is new; None where no form of this petition said so.

    A page from before a change of the settings is known by its fingerprint: who signs there agreed to what stood there.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select actions_record_hand_over(%s, %s, %s, %s)", [petition.pk, notice.language, notice.words, shown]
        )
        return cursor.fetchone()[0]


def covering(petition: Petition, recipients: Iterable[Named]) -> dict[int, tuple[str, ...]]:
    """Notices that named all of these recipients, with the columns each spoke of. Nobody to receive: none."""
    to = list(recipients)
    if not to:
        return {}
    notices = HandOverNotice.objects.filter(petition=petition)
    return {
        notice.pk: columns(notice.level) for notice in notices if all(one.is_told_in(notice.recipients) for one in to)
    }
