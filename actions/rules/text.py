"""What visitors type into text fields: cleaned where that loses nothing, refused where it would.

Keyboards, programs and copied text leave marks that nobody sees. Those that mean nothing are taken out; what could make
a text look like another is refused, and the error names the sign, so that whoever typed it can find it.
"""

import re
import unicodedata

from .errors import BadText

ADDRESS = re.compile(r"(?i)\b(?:https?:|www\.)|://")
# Whatever else stands with a dot between letters and no space: a host, unless it is an initial or an abbreviation
# before a name ("J.Top", "St.Petersburg"). Digits alone are a telephone number.
DOTTED = re.compile(r"[\w-]\.(?=[^\W\d_]{2})([^\W_]+)")
ENDINGS = {"com", "net", "org", "info", "biz", "xyz", "shop", "site", "link"}  # of hosts, written like names or not
DOTS = str.maketrans("。．｡․", "....")  # full stops of other scripts, which browsers take for dots in a host
MOST_MARKS = 3  # on one letter; Vietnamese, Hebrew and Tibetan need that many
MARKUP = re.compile(r"[<>{}\[\]\\|^~`]")
SPACES = re.compile(r"\s+")
ENDS_OF_LINES = re.compile("\r\n|[\x0b\x0c\r\x85\u2028\u2029]")
# A backtick for an apostrophe: it is the key at hand on Ukrainian and many other keyboards.
BACKTICK = re.compile(r"(?<=[^\W\d_])`(?=[^\W\d_])")
# Zero-width joiner and non-joiner are needed to spell Persian, Hindi and other languages' names, and the vowel
# separator for Mongolian ones.
JOINERS = {"\u200c", "\u200d", "\u180e"}
# Marks that show nothing and mean nothing (Default_Ignorable_Code_Point, without the above and without selectors of
# variants): soft hyphens, zero-width spaces, marks of direction, byte-order marks, fillers. Tags are kept where they
# spell the flag of a country such as England.
MARKS = re.compile(
    "(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f)|["
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
# What turns the direction of writing. Telephones put them around numbers and names that are copied; within a text they
# would make it look like another.
TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def clean_line(value: str) -> str:
    """One line of text: composed (NFC), spaces collapsed, without marks that show and mean nothing. Raises BadText for
    links, markup, hidden characters and marks in heaps."""
    value = SPACES.sub(" ", unicodedata.normalize("NFC", without_marks(value))).strip(f" {TURNS}")
    value = BACKTICK.sub("’", value)
    _refuse_hidden(value)
    if found := MARKUP.search(value):
        raise BadText("markup", found[0])
    if _has_link(value):
        raise BadText("link")
    if _is_stacked(value):
        raise BadText("heap")
    return value


def clean_text(value: str) -> str:
    """Several lines of text. Links and markup are allowed, for they are never shown as such; hidden characters and
    marks in heaps are not. Raises BadText."""
    lines = ENDS_OF_LINES.sub("\n", unicodedata.normalize("NFC", without_marks(value))).split("\n")
    lines = [line.rstrip(f" \t\u00a0{TURNS}").lstrip(TURNS) for line in lines]
    text = "\n".join(lines).strip()
    _refuse_hidden(text, but="\t\n")
    if _is_stacked(text):
        raise BadText("heap")
    return text


def without_marks(value: str) -> str:
    """The text without what keyboards and programs leave in it that shows nothing and means nothing."""
    return MARKS.sub(r"\1", value)


def has_letter(value: str) -> bool:
    return any(unicodedata.category(c).startswith("L") for c in set(value))


def _has_link(value: str) -> bool:
    value = value.translate(DOTS)
    return bool(ADDRESS.search(value)) or any(not _is_name(value, found) for found in DOTTED.finditer(value))


def _is_name(value: str, found: re.Match[str]) -> bool:
    """Whether what stands around a dot is written as names are: "St.Petersburg", "J.Top", but not "x.de", "Spam.Com".

    A host has two letters before its dot, or a slash behind it; a single capital is an initial, whatever follows.
    """
    after, at = found[1], found.start()
    if not (after[0].isupper() and after[1:].islower()) or value[found.end() : found.end() + 1] == "/":
        return False
    is_initial = value[at].isupper() and not re.match(r"[\w-]", value[at - 1 : at])
    return is_initial or (len(after) > 2 and after.lower() not in ENDINGS and value[at] != "-")


def _is_stacked(value: str) -> bool:
    """Whether letters carry more marks than any language writes, and so cover the lines around them."""
    marks = "".join(c for c in set(value) if unicodedata.category(c) in {"Mn", "Me"})
    return bool(marks and re.search(f"[{re.escape(marks)}]{{{MOST_MARKS + 1}}}", value))


def _refuse_hidden(value: str, but: str = "") -> None:
    """Raises BadText for the first character that nobody can see and that is not known to be harmless."""
    for character in dict.fromkeys(value):
        if character not in but and _hidden(character):
            raise BadText("turn" if character in TURNS else "hidden", character)


def _hidden(character: str) -> bool:
    """Control, format (bidirectional overrides included), surrogate, private and unassigned characters."""
    kind = unicodedata.category(character)
    if kind == "Cn" and 0x20000 <= ord(character) <= 0x3FFFD:
        return ord(character) & 0xFFFE == 0xFFFE  # kept for ideographs: names are written with ever more of them
    return (
        kind in {"Cc", "Cf", "Cs", "Co", "Cn"}
        and character not in JOINERS
        and not "\U000e0030" <= character <= "\U000e007f"
    )
