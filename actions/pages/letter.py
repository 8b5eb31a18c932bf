"""The appeal letter as PDF."""

import json
from functools import lru_cache
from pathlib import Path

from actions.rules.pdf import typeset

TEMPLATE = Path(__file__).with_name("letter.typ")


def letter_pdf(letter, *, title: str) -> bytes:
    """Typeset the letter block's value as an A4 page with room for the sender's name (PDF/UA-1). Raises NoTypeface."""
    content = {
        "title": title,
        "language": letter["language"].split("-")[0],
        "dir": letter.dir,
        "address": letter.address,
        "greeting": letter.greeting,
        "paragraphs": letter.paragraphs,
        "closing": letter["closing"],
    }
    return _typeset(json.dumps(content))


# Set once, however many ask: the same words are the same letter.
@lru_cache(maxsize=64)
def _typeset(content: str) -> bytes:
    return typeset(TEMPLATE, letter=json.loads(content))
