"""R20: nothing in an export is carried out as a formula, and a large one is made in little memory.

Through LibreOffice where it is installed (`python -m bench.spreadsheets`); here by the rules of CSV and by openpyxl,
which tells a formula from a text. Seen to fail with `safe_cell` returning its text, and with `write_formula` in the
place of `write_string`.
"""

import csv
import io

import openpyxl
import pytest

from actions.rules.cells import safe_cell
from actions.signing import exporting
from actions.signing.models import Export

DANGEROUS = [
    '=HYPERLINK("https://example.org","x")',
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    " =1+1",
    "\u00a0=1+1",
    "|cmd",
    "%0A=1",
    '"=1+1',
]
HARMLESS = ["Kari Nordmann", "O'Hara", "4790-123", "a=b", "", "Áŋŋel Ŋ", "你好", "محمد"]


class Out(io.BytesIO):
    def seek(self, *args):  # as our sealed files: written once, from front to back
        raise OSError


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_cell_never_begins_like_a_formula(text):
    cell = safe_cell(text)
    if not text.startswith('"'):
        assert cell.startswith("'")
    assert not cell.lstrip(" \u00a0").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_stays_as_it_is(text):
    assert safe_cell(text) == text


def test_a_csv_file_reads_back_with_nothing_dangerous_in_it():
    out = io.BytesIO()
    exporting.write_csv(out, header=["name", "other"], rows=[[text, "x"] for text in DANGEROUS + HARMLESS])
    rows = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))
    assert len(rows) == 1 + len(DANGEROUS) + len(HARMLESS)
    for row in rows:
        assert len(row) == 2
        assert not row[0].lstrip(" \u00a0").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


def test_a_workbook_holds_texts_and_no_formula():
    out = Out()
    exporting.write_xlsx(out, header=["name"], rows=[[text] for text in DANGEROUS + HARMLESS])
    sheet = openpyxl.load_workbook(io.BytesIO(out.getvalue())).active
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert all(cell.data_type != "f" for cell in cells)
    assert cells[0].value == DANGEROUS[0]


@pytest.mark.parametrize("kind", list(Export.Format))
def test_a_hundred_thousand_rows_take_little_memory(kind):
    """R20 asks for less than 200 MB; what Python allocates is measured, so that other tests do not disturb it."""
    import tracemalloc

    class Nowhere:
        size = 0

        def write(self, data):
            self.size += len(data)
            return len(data)

        def flush(self):
            pass

    out = Nowhere()
    tracemalloc.start()
    exporting.write(
        out, kind=kind, header=["a", "b"], rows=([f"Kari {n}", f"k{n}@example.org"] for n in range(100_000))
    )
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert out.size > 500_000
    assert peak < 60 * 1024 * 1024


def test_an_aborted_workbook_leaves_nothing_on_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(exporting, "_memory", lambda: tmp_path)

    def rows():
        yield ["Kari"]
        raise GeneratorExit

    with pytest.raises(GeneratorExit):
        exporting.write_xlsx(Out(), header=["name"], rows=rows())
    assert not list(tmp_path.iterdir())
