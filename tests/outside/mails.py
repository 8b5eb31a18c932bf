"""Mails as they lie in the folder that production was told to send them to."""

import email
from email import policy
from email.message import EmailMessage
from pathlib import Path

END = b"\n" + b"-" * 79 + b"\n"  # what Django's file backend writes behind each


def read(path: Path) -> list[EmailMessage]:
    """The mails of a file. One that is being written is left out."""
    whole, _end, _rest = path.read_bytes().rpartition(END)
    return [email.message_from_bytes(one, policy=policy.default) for one in whole.split(END) if one.strip()]
