"""What a PDF tells assistive technology: its language and title, and the cells of its tables."""

import io
from typing import NamedTuple

import pikepdf


class Cell(NamedTuple):
    kind: str
    scope: str
    has_content: bool


def open_pdf(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def title_and_language(data: bytes) -> tuple[str, str]:
    with open_pdf(data) as pdf:
        return str(pdf.docinfo["/Title"]), str(pdf.Root["/Lang"])


def rows(data: bytes) -> list[list[Cell]]:
    """The rows of all tables, in their order."""
    with open_pdf(data) as pdf:
        return list(_rows(pdf.Root["/StructTreeRoot"]))


def _kids(element) -> list:
    kids = element.get("/K", []) if isinstance(element, pikepdf.Dictionary) else []
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _rows(element):
    for kid in _kids(element):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            if kid["/S"] == "/TR":
                yield [_cell(cell) for cell in _kids(kid)]
            else:
                yield from _rows(kid)


def _cell(cell) -> Cell:
    told = cell.get("/A", {})
    told = told if isinstance(told, pikepdf.Array) else [told]
    scope = next((str(one["/Scope"]) for one in told if "/Scope" in one), "")
    return Cell(str(cell["/S"]), scope, bool(_kids(cell)))
