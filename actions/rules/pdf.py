"""PDF typesetting with Typst, one way for everything the site prints: letters, signing sheets, covers of packages."""

import json
import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import typst


class NoTypeface(Exception):
    """A text is in a script that no typeface at hand can show; `text` is what could not be shown."""

    def __init__(self, text: str) -> None:
        super().__init__("no typeface for a text")
        self.text = text


@cache
def _fonts() -> typst.Fonts:
    """The typefaces inside Typst: Latin, Greek, Cyrillic, Hebrew, Arabic, Armenian, Georgian and Devanagari script.

    Never those that happen to be installed: a letter that prints on one machine would be refused on the next.
    """
    return typst.Fonts(include_system_fonts=False)


def typeset(template: Path, **told: Any) -> bytes:
    """Compile a Typst template to PDF/UA-1; each keyword reaches it as JSON in `sys.inputs`, as content, not as markup.

    The first cell of each row of a table is a header of its row. Raises NoTypeface where a text cannot be shown, rather
    than print boxes, and typst.TypstError for a broken template.
    """
    inputs = {name: json.dumps(value) for name, value in told.items()}
    try:
        made = typst.compile(template, format="pdf", pdf_standards=["ua-1"], font_paths=_fonts(), sys_inputs=inputs)
    except typst.TypstError as error:
        if found := re.search(r'the text `"(.*?)"` could not be displayed', str(error)):
            raise NoTypeface(found[1]) from None
        raise
    return _with_row_headers(made)


def _with_row_headers(made: bytes) -> bytes:
    """Mark the first cell of each row as its header (ISO 32000-2, 14.8.5.7), which Typst has no word for yet
    (`pdf.header-cell` of Typst 0.14 is not in its Python package)."""
    with pikepdf.open(BytesIO(made)) as pdf:
        rows = list(_rows(pdf.Root.StructTreeRoot)) if "/StructTreeRoot" in pdf.Root else []
        if not rows:
            return made
        for row in rows:
            first = _kids(row)[0]
            if first.S == pikepdf.Name.TD:
                first.S = pikepdf.Name.TH
                first.A = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row)
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
        return out.getvalue()


def _rows(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    for kid in _kids(element):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            if kid.S == pikepdf.Name.TR:
                yield kid
            else:
                yield from _rows(kid)


def _kids(element: pikepdf.Object) -> list[pikepdf.Object]:
    """What stands in an element of the structure: elements, and numbers of marked content."""
    if not isinstance(element, pikepdf.Dictionary) or "/K" not in element:
        return []
    kids: pikepdf.Object = element.K
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]
