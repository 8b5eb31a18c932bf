"""Codes that say where a signer came from, as in `?s=street`."""

import re

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,19}")


def clean_source(text: str) -> str:
    """The code, in small letters; nothing where it is none. Anybody can type anything into an address."""
    text = text.strip().lower()
    return text if CODE.fullmatch(text) else ""
