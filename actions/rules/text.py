"""What visitors type into text fields: cleaned where that loses nothing, refused where it would."""

import re
import unicodedata

from .errors import BadText

LINK = re.compile(r"(?i)\b(?:https?:|www\.)|://|\w-*\.(?:com|net|org|info|biz|xyz|shop|site|link)\b")
# Whatever else stands with a dot between letters and no space: a host, unless it is an initial or an abbreviation
# before a name ("J.R.", "St.Petersburg"). Digits alone are a telephone number.
DOTTED = re.compile(r"[\w-]\.(?=[^\W\d_]{2})([^\W_]+)")
DOTS = str.maketrans("。．｡․", "....")  # full stops of other scripts, which browsers take for dots in a host
MOST_MARKS = 3  # on one letter; Vietnamese, Hebrew and Tibetan need that many
MARKUP = re.compile(r"[<>{}\[\]\\|^~`]")
SPACES = re.compile(r"\s+")
# Zero-width joiner and non-joiner are needed to spell Persian, Hindi and other languages' names.
JOINERS = {"\u200c", "\u200d"}


def clean_line(value: str) -> str:
    """One line of text: composed (NFC), spaces collapsed. Raises BadText for links, markup, hidden characters
    and marks in heaps."""
    value = SPACES.sub(" ", unicodedata.normalize("NFC", value)).strip()
    if MARKUP.search(value) or _has_link(value) or any(map(_hidden, set(value))) or _is_stacked(value):
        raise BadText
    return value


def clean_text(value: str) -> str:
    """Several lines of text. Links and markup are allowed, for they are never shown as such; hidden characters and
    marks in heaps are not. Raises BadText."""
    lines = unicodedata.normalize("NFC", value).replace("\r\n", "\n").split("\n")
    if any(map(_hidden, set("".join(lines)) - {"\t"})) or _is_stacked(value):
        raise BadText
    return "\n".join(line.rstrip() for line in lines).strip()


def has_letter(value: str) -> bool:
    return any(unicodedata.category(c).startswith("L") for c in set(value))


def _has_link(value: str) -> bool:
    value = value.translate(DOTS)
    return bool(LINK.search(value)) or any(not _is_name(part) for part in DOTTED.findall(value))


def _is_name(part: str) -> bool:
    """Whether what follows a dot is written as names are: "Petersburg" in "St.Petersburg", but not "de" in "x.de"."""
    return len(part) > 2 and part[0].isupper() and part[1:].islower()


def _is_stacked(value: str) -> bool:
    """Whether letters carry more marks than any language writes, and so cover the lines around them."""
    value = unicodedata.normalize("NFC", value)
    marks = "".join(c for c in set(value) if unicodedata.category(c) in {"Mn", "Me"})
    return bool(marks and re.search(f"[{re.escape(marks)}]{{{MOST_MARKS + 1}}}", value))


def _hidden(character: str) -> bool:
    """Control, format (bidirectional overrides and zero-width included), surrogate and unassigned characters."""
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"} and character not in JOINERS


def first_name(name: str) -> str:
    """The part of a name that may be shown in public: its first word."""
    return name.split(" ", 1)[0][:40]
