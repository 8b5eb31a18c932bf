"""What a mail says that comes back: each case is the shape of one that mail servers, programs and people send."""

from datetime import UTC, datetime
from email.message import EmailMessage
from uuid import UUID, uuid4

import pytest

from actions.rules.returned import Fate, Returned, message_id, named_by, read

MAIL = UUID("01930000-0000-7000-8000-000000000001")
ASKED_AT = datetime(2026, 11, 27, 12, tzinfo=UTC)
TO = f"bounces+{MAIL.hex}@example.org"

REPORT = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind};
\tboundary="A8C.1/mx.example.net"

--A8C.1/mx.example.net
Content-Description: Notification
Content-Type: text/plain; charset=utf-8

This is the mail system at host mx.example.net.

--A8C.1/mx.example.net
Content-Type: message/{part}

{fields}
--A8C.1/mx.example.net
Content-Type: {enclosed}

{original}
--A8C.1/mx.example.net--
"""
ORIGINAL = "Return-Path: <x@example.org>\nMessage-ID: {id}\nSubject: =?utf-8?q?Takk?="


def report(
    fields: str, *, to: str = TO, kind: str = "delivery-status", enclosed: str = "message/rfc822", id=MAIL
) -> bytes:
    """A report made for programs, about a mail of ours."""
    part = "feedback-report" if kind == "feedback-report" else "delivery-status"
    original = ORIGINAL.format(id=message_id(id, ASKED_AT, "example.org"))
    return REPORT.format(to=to, kind=kind, part=part, fields=fields, enclosed=enclosed, original=original).encode()


def status(code: str, action: str = "failed", diagnostic: str = "") -> bytes:
    told = f"Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; kari@example.net\nAction: {action}\n"
    return report(f"{told}Status: {code}\n" + (f"Diagnostic-Code: {diagnostic}\n" if diagnostic else ""))


AWAY = f"""\
From: kari@example.net
To: {TO}
Subject: Automatisk svar: Du har skrevet under
Auto-Submitted: auto-replied
X-Auto-Response-Suppress: All
Precedence: auto_reply
Content-Type: text/plain; charset=utf-8

Jeg er bortreist til 3. januar. Delivery failed permanently, 550 5.1.1 user unknown.
"""
COMPLAINT = report("Feedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\n", kind="feedback-report")
NO_COMPLAINT = report("Feedback-Type: not-spam\nVersion: 1\n", kind="feedback-report")
READ = report("Disposition: manual-action/MDN-sent-manually; displayed\n", kind="disposition-notification")
SAID = {
    "nobody there, by Postfix": (status("5.1.1", diagnostic="smtp; 550 5.1.1 User unknown"), Fate.GONE, "5.1.1"),
    "nobody there, by Exchange": (status("5.1.10"), Fate.GONE, "5.1.10"),
    "no such host": (status("5.1.2"), Fate.GONE, "5.1.2"),
    "switched off": (status("5.2.1"), Fate.GONE, "5.2.1"),
    "for good, without more": (status("5.0.0"), Fate.GONE, "5.0.0"),
    "in other letters": (status("5.1.1 (bad destination)", action="Failed"), Fate.GONE, "5.1.1"),
    "full": (status("5.2.2"), Fate.REFUSED, "5.2.2"),
    "we are on a list": (status("5.7.1"), Fate.REFUSED, "5.7.1"),
    "we are on a list, further on": (status("5.0.0", diagnostic="smtp; 550 5.7.606 banned"), Fate.REFUSED, "5.0.0"),
    "our own address is wrong": (status("5.1.8"), Fate.REFUSED, "5.1.8"),
    "tried for days in vain": (status("4.4.1"), Fate.REFUSED, "4.4.1"),
    "failed, and no word why": (status(""), Fate.REFUSED, ""),
    "delayed": (status("4.4.7", action="delayed"), Fate.UNKNOWN, ""),
    "delayed with a wrong code": (status("5.0.0", action="delayed"), Fate.UNKNOWN, ""),
    "delivered": (status("2.0.0", action="delivered"), Fate.UNKNOWN, ""),
    "relayed": (status("2.0.0", action="relayed"), Fate.UNKNOWN, ""),
    "a complaint": (COMPLAINT, Fate.COMPLAINT, ""),
    "no complaint": (NO_COMPLAINT, Fate.UNKNOWN, ""),
    "somebody is away": (AWAY.encode(), Fate.UNKNOWN, ""),
    "a person answers": (AWAY.replace("Auto-Submitted: auto-replied\n", "").encode(), Fate.UNKNOWN, ""),
    "it was read": (READ, Fate.UNKNOWN, ""),
}


@pytest.mark.parametrize("case", SAID)
def test_a_mail_means_what_it_says(case):
    """Seen to fail: whatever came to the address was a bounce, an answer of somebody who is away too."""
    raw, fate, code = SAID[case]
    assert read(raw) == Returned(frozenset({MAIL}), fate, code)


@pytest.mark.parametrize("enclosed", ["message/rfc822", "text/rfc822-headers"])
def test_a_complaint_says_by_what_it_encloses_which_mail_it_is_about(enclosed):
    """A provider sends it to one address for all."""
    fields = "Feedback-Type: abuse\nVersion: 1\n"
    raw = report(fields, to="complaints@example.org", kind="feedback-report", enclosed=enclosed)
    assert read(raw) == Returned(frozenset({MAIL}), Fate.COMPLAINT)


@pytest.mark.parametrize("length", [0, 1, 100, 400, 700, 900, 1100])
def test_the_beginning_of_one_and_nonsense_are_read_too(length):
    raw = status("5.1.1")
    read(raw[:length])
    read(raw[length:])
    read(b"\xff\xfe\x00" + raw[:length] + b"\xc3(\xf0")
    assert read(b"Content-Type: multipart/report\n\n\xff").fate is Fate.UNKNOWN


def test_the_beginning_of_a_long_one_is_enough():
    raw = status("5.1.1").replace(b"Subject: =?utf-8?q?Takk?=", b"Subject: x\n\n" + b"x" * 500_000)
    assert read(raw[:200_000]) == Returned(frozenset({MAIL}), Fate.GONE, "5.1.1")


def test_what_is_about_no_mail_of_ours_names_none():
    raw = status("5.1.1").replace(TO.encode(), b"bounces@example.org")
    raw = raw.replace(message_id(MAIL, ASKED_AT, "example.org").encode(), b"<x@example.org>")
    assert read(raw).mails == frozenset()


def test_a_message_id_stands_on_the_line_that_names_it():
    """Seen to fail: on a line of its own below it, where some programs find nothing."""
    mail, made = uuid4(), EmailMessage()
    made["Message-ID"] = name = message_id(mail, ASKED_AT, "aksjoner.organisasjonen.no")
    assert f"Message-ID: {name}\n".encode() in made.as_bytes()
    assert named_by(name) == named_by(name.upper()) == {mail}
