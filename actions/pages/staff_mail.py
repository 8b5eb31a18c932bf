"""Mails to staff: plain text, with a Message-ID that tells nothing of the machine that sends."""

from collections.abc import Iterable
from uuid import uuid4

from home.mail import Mail


def send(subject: str, body: str, *, to: Iterable[str], number: str = "") -> None:
    """Send one mail. `number` makes the same mail known again when it is sent twice."""
    addresses = [address for address in to if address]
    if addresses:
        headers = {"Message-ID": f"<{number or uuid4()}@actions>"}
        Mail(subject=subject, body=body, to=addresses, headers=headers).send()
