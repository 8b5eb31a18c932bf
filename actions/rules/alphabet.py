"""The order of the alphabet of a language. Letters it does not name are sorted as the plain ones they are made of.

No library: PyICU needs a compiler, pyuca knows one order for all languages, and PostgreSQL may lack the collations.
"""

import unicodedata
from collections.abc import Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")

# What comes after z, and what is no letter of its own without a place in that language.
AFTER_Z = {"nb": "æøå", "nn": "æøå", "no": "æøå", "da": "æøå", "se": "æøå", "sv": "åäö", "fi": "åäö"}
PLAIN = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ß": "ss", "đ": "d", "ł": "l", "ŧ": "t", "ŋ": "n", "ı": "i"})


def sort_key(text: str, language: str) -> list[int]:
    """What a text is sorted by in a language: case, accents, hyphens and apostrophes count for nothing."""
    own = AFTER_Z.get(language.partition("-")[0], "")
    key = []
    for letter in unicodedata.normalize("NFC", text.casefold()):
        if letter in own:
            key.append(0x110000 + own.index(letter))
            continue
        plain = "".join(c for c in unicodedata.normalize("NFD", letter) if not unicodedata.combining(c))
        key += [ord(c) for c in plain.translate(PLAIN) if c.isalnum() or c == " "]
    return key


def in_order(items: Iterable[Item], language: str, *, by: Callable[[Item], str]) -> list[Item]:
    """Items by the alphabet of a language."""
    return sorted(items, key=lambda item: sort_key(by(item), language))
