"""Dates and times as people and programs write them into files. What can be read in two ways is read in none."""

import re
from datetime import date, datetime, time, tzinfo

CLOCK = r"(?:[ T]+(?P<clock>\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)\s*(?P<zone>Z|[+-]\d{2}(?::?\d{2})?)?)?"
YEAR_FIRST = re.compile(rf"(?P<y>\d{{4}})([-/.])(?P<m>\d{{1,2}})\2(?P<d>\d{{1,2}})\.?{CLOCK}")
# A dot is written in countries that put the day first; a hyphen or a slash in both kinds.
DAY_FIRST = re.compile(rf"(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.\s?(?P<y>\d{{4}}){CLOCK}")
EITHER = re.compile(rf"(?P<d>\d{{1,2}})([-/])(?P<m>\d{{1,2}})\2(?P<y>\d{{4}}){CLOCK}")
SHORT_YEAR = re.compile(rf"\d{{1,2}}([-/.])\d{{1,2}}\1\d{{2}}{CLOCK}")
SERIAL = re.compile(r"\d{4,6}(?:[.,]\d+)?")


class BadMoment(ValueError):
    """No date that can be read: "undated", "two_ways", "serial" or "short_year". Never quotes what was written."""


def moment_of(text: str, day: date | None, zone: tzinfo) -> datetime | None:
    """An instant from ISO 8601, year/month/day, day.month.year, and with hyphens or slashes where only one order makes
    a date; noon where only a day is known, `day` where nothing is written. Raises BadMoment.
    """
    if not text:
        return datetime.combine(day, time(12), zone) if day else None
    found = YEAR_FIRST.fullmatch(text) or DAY_FIRST.fullmatch(text)
    if found is None and (found := EITHER.fullmatch(text)):
        return _of_either(found, zone)
    if found is None:
        raise BadMoment(
            "short_year" if SHORT_YEAR.fullmatch(text) else "serial" if SERIAL.fullmatch(text) else "undated"
        )
    return _instant(found, int(found["m"]), int(found["d"]), zone)


def _of_either(found: re.Match[str], zone: tzinfo) -> datetime:
    one, other = int(found["d"]), int(found["m"])
    if one != other and one <= 12 and other <= 12:
        raise BadMoment("two_ways")
    month, day = (one, other) if other > 12 else (other, one)
    return _instant(found, month, day, zone)


def _instant(found: re.Match[str], month: int, day: int, zone: tzinfo) -> datetime:
    try:
        hour, _colon, rest = (found["clock"] or "12:00").partition(":")
        at = datetime.combine(date(int(found["y"]), month, day), time.fromisoformat(f"{hour:0>2}:{rest}"), zone)
        if offset := found["zone"]:
            at = datetime.fromisoformat(f"{at.replace(tzinfo=None).isoformat()}{_offset(offset)}")
        return at
    except ValueError:
        raise BadMoment("undated") from None


def _offset(written: str) -> str:
    """Z, +02, +0200 and +02:00 as +02:00."""
    digits = written[1:].replace(":", "").ljust(4, "0")
    return "+00:00" if written == "Z" else f"{written[0]}{digits[:2]}:{digits[2:]}"
