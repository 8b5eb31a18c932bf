"""What visitors type into text fields: cleaned where that loses nothing, refused where it would."""

import re
import unicodedata

from .errors import BadText

LINK = re.compile(
    r"(?i)\b(?:https?:|www\.)|://|\b[\w-]+\.(?:com|net|org|info|ru|cn|xyz|top|biz|io|no|link|site|shop)\b/?"
)
MARKUP = re.compile(r"[<>{}\[\]\\|^~`]")
SPACES = re.compile(r"\s+")
# Zero-width joiner and non-joiner are needed to spell Persian, Hindi and other languages' names.
JOINERS = {"\u200c", "\u200d"}


def clean_line(value: str) -> str:
    """One line of text: composed (NFC), spaces collapsed. Raises BadText for links, markup and hidden characters."""
    value = SPACES.sub(" ", unicodedata.normalize("NFC", value)).strip()
    if MARKUP.search(value) or LINK.search(value) or any(map(_hidden, value)):
        raise BadText
    return value


def clean_text(value: str) -> str:
    """Several lines of text. Links and markup are allowed (they are never shown as such); hidden characters are not."""
    lines = unicodedata.normalize("NFC", value).replace("\r\n", "\n").split("\n")
    if any(_hidden(c) for line in lines for c in line if c != "\t"):
        raise BadText
    return "\n".join(line.rstrip() for line in lines).strip()


def has_letter(value: str) -> bool:
    return any(unicodedata.category(c).startswith("L") for c in value)


def _hidden(character: str) -> bool:
    """Control, format (bidirectional overrides and zero-width included), surrogate and unassigned characters."""
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"} and character not in JOINERS


def first_name(name: str) -> str:
    """The part of a name that may be shown in public: its first word."""
    return name.split(" ", 1)[0][:40]
