"""The appeal letter as PDF."""

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
    return typeset(TEMPLATE, letter=content)
