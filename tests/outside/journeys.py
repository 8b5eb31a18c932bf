"""What people do from outside so that every kind of mail is sent, and where they come to on the way."""

import re
import time
from collections.abc import Callable
from email.message import EmailMessage
from typing import NamedTuple, TypeVar

from actions.rules.returned import named_by
from actions.signing.models import OutboxMail

from .deployment import Deployment

AT_ONCE, CONFIRMED = "/nb/aksjoner/stans-henrettelsene/", "/nb/aksjoner/la-jenter-ga-pa-skole/"
DANGEROUS = "/nb/aksjoner/la-kvinner-velge/"
PERSON = {"name": "Kari Nordmann", "old_enough": "on"}
# Of the signatures only those of people; the demo's are nobody's. The sums by hour stay where they were.
TWO_DAYS_PASS = (
    "update actions_signature set signed_at = signed_at - interval '2 days' "
    "where id in (select signature_id from actions_signer)"
)
# The action in which signing is dangerous is announced, and opens for as long as somebody signs it.
OPENED = "update actions_petition set opens_at = now() - interval '1 day' where high_risk and opens_at > now()"
ANNOUNCED = "update actions_petition set opens_at = now() + interval '9 days' where high_risk"
FOUR_DAYS_PASS = "update actions_outboxmail set sent_at = sent_at - interval '4 days' where kind = 'confirm'"
Kind = OutboxMail.Kind
T = TypeVar("T")


class Letter(NamedTuple):
    """A mail that was sent, and its kind: one of the outbox, or `staff`, or `trial` of what signers will get."""

    kind: str
    mail: EmailMessage

    def find(self, pattern: str) -> str:
        found = re.search(pattern, self.mail.get_body(("plain",)).get_content())
        assert found, f"a mail of kind {self.kind} without {pattern}"
        return found.group()


class Journeys:
    """Goes all ways; then `places` holds where they led, and `letters` what was sent."""

    def __init__(self, deployed: Deployment, embedded: str) -> None:
        self.deployed, self.visitor, self.places = deployed, deployed.public, [AT_ONCE, CONFIRMED]
        deployed.work("actions-mail@")
        self._sign_the_same_twice()
        self._sign_two_and_ask_for_the_link(embedded)
        self._confirm_and_be_reminded()
        self._ask_for_a_copy()
        self._sign_where_it_is_dangerous()
        self.letters = _until(self._all_letters)

    def _sign_the_same_twice(self) -> None:
        self._send(AT_ONCE, PERSON | {"email": "twice@example.org"})
        self._letter(Kind.RECEIPT, "twice")
        self.deployed.site.query(TWO_DAYS_PASS)
        self._send(AT_ONCE, PERSON | {"email": "twice@example.org"})

    def _sign_two_and_ask_for_the_link(self, embedded: str) -> None:
        """One on its page, the other in a frame on another site."""
        for address in (AT_ONCE, embedded):
            self._send(address, PERSON | {"email": "both@example.org"})
        self._send("/nb/my-signature/", {"email": "both@example.org"})

    def _confirm_and_be_reminded(self) -> None:
        """One confirms with the code in the mail, the other forgets it."""
        for name in ("confirms", "forgets"):
            self._send(CONFIRMED, PERSON | {"email": f"{name}@example.org"})
        letter = self._letter(Kind.CONFIRM, "confirms")
        typed = {"email": "confirms@example.org", "code": letter.find(r"\b(?:[2-9A-Z]{4} ){2}[2-9A-Z]{4}\b")}
        self._send(letter.find(r"/nb/my-signature/code/\d+/"), typed)
        self._letter(Kind.CONFIRM, "forgets")
        self.deployed.site.query(FOUR_DAYS_PASS)
        self.deployed.work("actions-housekeeping")

    def _ask_for_a_copy(self) -> None:
        link = self._letter(Kind.LINK, "both").find(r"/nb/my-signature/[\w-]{43}/")
        self._send(link, {"do": "copy"})
        _until(lambda: "copy.json" in self.visitor.get(link).text)

    def _sign_where_it_is_dangerous(self) -> None:
        self.deployed.site.query(OPENED)
        self._send(DANGEROUS, PERSON | {"email": "careful@example.org"}, thanks=200)
        code = self._letter(Kind.CODE, "careful").find(r"\b(?:[2-9A-Z]{4} ){2}[2-9A-Z]{4}\b")
        [(petition,)] = self.deployed.site.query("select id from actions_petition where high_risk")
        self._send(f"/nb/my-signature/code/{petition}/", {"email": "careful@example.org", "code": code})
        self.deployed.site.query(ANNOUNCED)

    def _send(self, address: str, data: dict[str, str], *, thanks: int = 303) -> None:
        answer = self.visitor.post(address, data)
        assert answer.status == thanks, f"{answer.status} instead of thanks"
        self.places.append(answer.headers.get("Location", f"{address}thanks/"))

    def _sent(self) -> list[Letter]:
        kinds = dict(self.deployed.site.query("select id, kind from actions_outboxmail"))

        def kind(mail: EmailMessage) -> str:
            [known] = [kinds[pk] for pk in named_by(mail["Message-ID"])] or [
                "trial" if mail.is_multipart() else "staff"
            ]
            return known

        return [Letter(kind(mail), mail) for mail in self.deployed.letters()]

    def _letter(self, kind: str, name: str) -> Letter:
        def look() -> Letter | None:
            found = (one for one in self._sent() if one.kind == kind and one.mail["To"].startswith(f"{name}@"))
            return next(found, None)

        return _until(look)

    def _all_letters(self) -> list[Letter] | None:
        """As soon as there is each kind of them, and none is due."""
        found = self._sent()
        staffs = " ".join(one.mail.get_content() for one in found if one.kind == "staff")
        told = "/alarm" in staffs and "/edit/" in staffs
        [(due,)] = self.deployed.site.query(
            "select count(*) from actions_outboxmail where sent_at is null and gave_up_at is null and due_at <= now()"
        )
        return found if told and not due and set(Kind) <= {one.kind for one in found} else None


def _until(look: Callable[[], T | None], *, seconds: float = 60) -> T:
    """What somebody who looks again and again sees in the end."""
    for _ in range(int(seconds * 5)):
        if seen := look():
            return seen
        time.sleep(0.2)
    raise AssertionError("what was waited for did not come")
