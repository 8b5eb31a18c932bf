"""The appeal letter as PDF."""

import json
from pathlib import Path

import typst

TEMPLATE = Path(__file__).with_name("letter.typ")


def letter_pdf(letter, *, title: str) -> bytes:
    """The letter block's value as an A4 page with room for the sender's name (PDF/UA-1)."""
    content = {
        "title": title,
        "language": letter["language"].split("-")[0],
        "dir": letter.dir,
        "address": letter.address,
        "greeting": letter.greeting,
        "paragraphs": letter.paragraphs,
        "closing": letter["closing"],
    }
    return typst.compile(TEMPLATE, format="pdf", pdf_standards=["ua-1"], sys_inputs={"letter": json.dumps(content)})
