"""PDF typesetting with Typst, one way for everything the site prints: letters, signing sheets, covers of packages."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

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

    Raises NoTypeface where a text cannot be shown, rather than print boxes, and typst.TypstError for a broken template.
    """
    inputs = {name: json.dumps(value) for name, value in told.items()}
    try:
        return typst.compile(template, format="pdf", pdf_standards=["ua-1"], font_paths=_fonts(), sys_inputs=inputs)
    except typst.TypstError as error:
        if found := re.search(r'the text `"(.*?)"` could not be displayed', str(error)):
            raise NoTypeface(found[1]) from None
        raise
