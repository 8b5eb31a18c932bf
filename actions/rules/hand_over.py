"""What a form may hand over of its signers, and which countries lie outside the European Economic Area."""

from collections.abc import Iterable

# From little to much. The list may go to a state: what is not here is never handed over.
LEVELS: dict[str, tuple[str, ...]] = {
    "number": (),
    "name": ("name",),
    "country": ("name", "country"),
    "place": ("name", "place", "country"),
}
NUMBER = "number"

# The European Union, Iceland, Liechtenstein and Norway; ISO 3166.
EEA = frozenset(
    [
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU"),
        *("LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "IS", "LI", "NO"),
    ]
)


def columns(level: str) -> tuple[str, ...]:
    """The columns of the list at a level; none for the number only, and for what is no level."""
    return LEVELS.get(level, ())


def up_to(most: Iterable[str]) -> list[str]:
    """The levels that ask for no column beyond those of `most`, from little to much."""
    allowed = set(most)
    return [level for level, wanted in LEVELS.items() if set(wanted) <= allowed]


def outside_eea(countries: Iterable[str]) -> list[str]:
    """Those of the countries to which the General Data Protection Regulation calls it a transfer (chapter V)."""
    return [country for country in dict.fromkeys(countries) if country and country not in EEA]
