"""What a mail says that a mail server sends back to us. Plain Python; no mail is ever followed, only read.

Mail servers report in a form made for programs: `multipart/report` (RFC 6522) with fields of a delivery status (RFC
3464) or of a complaint (RFC 5965). What has no such report is an answer by a person, or by a program on behalf of one,
and says nothing about the mailbox. (`Auto-Submitted` does not tell the two apart: reports have it, too.)
"""

import re
from base64 import b32decode, b32encode
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, message_from_string
from email.message import Message
from enum import Enum
from typing import Any, NamedTuple
from uuid import UUID

VERP = re.compile(r"\+([0-9a-f]{32})@")
MESSAGE_ID = re.compile(r"<([a-z2-7]{32})@", re.IGNORECASE)
CODE = re.compile(r"(?<![\d.])([45])\.(\d{1,3})\.(\d{1,3})(?![\d.])")  # RFC 3463

# Failed for good because of the mailbox or its host: nobody is there. None of these says so: "5.7.1" (a block list that
# we are on), "5.1.8" (our own address), "5.2.2" (full) and a "4.x" that was tried for days.
NOBODY_THERE = {"0": range(1000), "1": (0, 1, 2, 3, 4, 6, 10), "2": (0, 1), "4": (1, 4), "5": (0,)}
COMPLAINTS = {"abuse", "fraud", "opt-out", "opt-out-list"}


class Fate(Enum):
    """What became of a mail of ours, as its report says."""

    GONE = "there is no such mailbox"
    REFUSED = "it was not delivered, which says nothing about the mailbox"
    COMPLAINT = "its reader wants no more"
    UNKNOWN = "it says nothing of a delivery that failed"


class Returned(NamedTuple):
    """Which mails of ours it is about, as far as it says, what became of them, and the code of the failure."""

    mails: frozenset[UUID]
    fate: Fate
    code: str = ""


def read(raw: bytes) -> Returned:
    """Read a mail that came back, whole or its beginning."""
    mail = message_from_bytes(raw)
    return Returned(frozenset(_ours(mail)), *_fate(mail))


def _fate(mail: Message) -> tuple[Fate, str]:
    if mail.get_content_type() != "multipart/report":
        return Fate.UNKNOWN, ""
    complaint = any(_field(part, "Feedback-Type").lower() in COMPLAINTS for part in _fields_of(mail, "feedback-report"))
    if complaint:
        return Fate.COMPLAINT, ""
    found = [_of_recipient(fields) for fields in _fields_of(mail, "delivery-status")]
    return min(filter(None, found), key=lambda one: one[0] is not Fate.GONE, default=(Fate.UNKNOWN, ""))


def _of_recipient(fields: Message) -> tuple[Fate, str] | None:
    """One recipient's part of a delivery status; None for what is delayed, delivered, relayed or about the report."""
    if _field(fields, "Action").lower() != "failed":
        return None
    codes = CODE.findall(f"{_field(fields, 'Status')} {_field(fields, 'Diagnostic-Code')}")
    told = ".".join(codes[0]) if codes else ""
    return (Fate.GONE if codes and all(map(_nobody_there, codes)) else Fate.REFUSED), told


def _nobody_there(code: tuple[str, str, str]) -> bool:
    kind, subject, detail = code
    return kind == "5" and int(detail) in NOBODY_THERE.get(subject, ())


def _fields_of(mail: Message, subtype: str) -> Iterator[Message]:
    """The groups of fields of a part for programs; Python reads a delivery status into one message for each."""
    for part in mail.walk():
        if part.get_content_type() == f"message/{subtype}":
            for group in _inner(part):
                # A complaint's fields are read as the headers of a mail, or as its text.
                yield group if group.keys() else message_from_string(str(group.get_payload()).lstrip())


def _inner(part: Message) -> list[Message]:
    """The messages in a part, which may be written as text."""
    content: Any = part.get_payload()
    return content if isinstance(content, list) else [message_from_string(_text(part))]


def _text(part: Message) -> str:
    content: Any = part.get_payload(decode=True)
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""


def _ours(mail: Message) -> Iterator[UUID]:
    """The mails it is about: by the address it was sent to, else by what it encloses."""
    found = set(_by_address(mail))
    if not found and mail.get_content_type() == "multipart/report":
        for enclosed in _enclosed(mail):
            found.update(_by_address(enclosed))
            found.update(named_by(_field(enclosed, "Message-ID")))
    return iter(found)


def _by_address(mail: Message) -> Iterator[UUID]:
    return (UUID(text) for _name, value in mail.items() for text in VERP.findall(str(value)))


def message_id(mail: UUID, asked_at: datetime, host: str) -> str:
    """The row, and the instant it was asked for: mailboxes throw away what they have had under the same name.

    Written in base 32, for the line must hold it: Python puts a longer one on a line of its own, which some programs
    cannot read.
    """
    instant = int(asked_at.timestamp() * 1000) % 2**32  # milliseconds
    return f"<{b32encode(mail.bytes + instant.to_bytes(4, 'big')).decode().lower()}@{host}>"


def named_by(message_id: str) -> set[UUID]:
    """The row of a Message-ID of ours; nothing where it is none."""
    return {UUID(bytes=b32decode(name, casefold=True)[:16]) for name in MESSAGE_ID.findall(message_id)}


def _enclosed(mail: Message) -> Iterator[Message]:
    for part in mail.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            yield from _inner(part)


def _field(fields: Message, name: str) -> str:
    return str(fields.get(name, "")).strip()
