"""What a person may type: one table for the form, the correction and files of earlier signatures."""

from typing import NamedTuple

from . import address
from .errors import BadText
from .text import clean_line, clean_text, has_letter


class Kind(NamedTuple):
    """One field. `longest` counts characters as they are kept; `named` ones need a letter, of any script."""

    longest: int
    named: bool = False
    lines: bool = False


TABLE = {
    "name": Kind(100, named=True),
    "shown_name": Kind(40, named=True),
    "email": Kind(address.LONGEST),
    "postcode": Kind(12),
    "phone": Kind(30),
    "place": Kind(60),
    "comment": Kind(1000, lines=True),
}
LONGEST = {field: kind.longest for field, kind in TABLE.items()}


def tidy(field: str, value: str) -> str:
    """The value as it is kept, however long; nothing where nothing was typed. Raises BadText, BadAddress."""
    kind = TABLE[field]
    if field == "email":
        return address.deliverable(value) if value.strip() else ""
    value = clean_text(value) if kind.lines else clean_line(value)
    if kind.named and value and not has_letter(value):
        raise BadText("letters")
    return value


def clean(field: str, value: str) -> str:
    """The value as it is kept. Raises BadText, BadAddress."""
    value = tidy(field, value)
    if len(value) > TABLE[field].longest:
        raise BadText("long")
    return value
