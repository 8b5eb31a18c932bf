"""The appeal letter as PDF."""

import json
from pathlib import Path

import typst

TEMPLATE = Path(__file__).with_name("letter.typ")


class NoTypeface(Exception):
    """The letter is in a script that none of the typefaces at hand can show."""


def letter_pdf(letter, *, title: str) -> bytes:
    """The letter block's value as an A4 page with room for the sender's name (PDF/UA-1).

    Typst brings typefaces for Latin, Greek, Cyrillic, Hebrew and Arabic script; others must be installed. Raises
    NoTypeface where one is missing, rather than print boxes.
    """
    content = {
        "title": title,
        "language": letter["language"].split("-")[0],
        "dir": letter.dir,
        "address": letter.address,
        "greeting": letter.greeting,
        "paragraphs": letter.paragraphs,
        "closing": letter["closing"],
    }
    inputs = {"letter": json.dumps(content)}
    try:
        return typst.compile(TEMPLATE, format="pdf", pdf_standards=["ua-1"], sys_inputs=inputs)
    except typst.TypstError as error:
        raise NoTypeface from error
