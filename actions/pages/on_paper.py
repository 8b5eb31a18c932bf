"""From paper to the form: the address of an action as a QR code, with the source that stands for paper."""

from functools import lru_cache
from io import BytesIO
from typing import NamedTuple

import segno

SOURCE = "plakat"  # as it is counted, beside other sources


class OnPaper(NamedTuple):
    """What paper says of a page: its address as one reads it, and a drawing (SVG) of the one that leads to the form."""

    address: str
    qr: str


def on_paper(address: str) -> OnPaper:
    """`address` is the full one of an action."""
    return OnPaper(address.partition("://")[2].rstrip("/"), _drawn(f"{address}?s={SOURCE}#sign"))


@lru_cache(maxsize=256)
def _drawn(address: str) -> str:
    """A QR code (ISO/IEC 18004) that is read though a seventh of it is worn off, with the white it needs around."""
    drawn = BytesIO()
    looks = {"light": "#fff", "omitsize": True, "svgclass": None, "lineclass": None}
    segno.make_qr(address, error="m").save(drawn, kind="svg", xmldecl=False, nl=False, **looks)
    return drawn.getvalue().decode()
