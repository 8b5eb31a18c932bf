"""Do spreadsheets find a formula in what we export (R20)? LibreOffice opens it and says.

python -m bench.spreadsheets        (needs `soffice`; Debian: apt-get install libreoffice-calc-nogui)

Also opens a CSV file that was written carelessly, to show that the question has teeth.
"""

import csv
import io
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FORMULA = re.compile(rb"table:formula=")


def main() -> int:
    program = shutil.which("soffice")
    if program is None:
        print("soffice is missing: apt-get install libreoffice-calc-nogui")
        return 2
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings.test")
    os.environ.setdefault("DATABASE_URL", "postgresql://nobody@127.0.0.1/nothing")
    django.setup()
    from actions.signing import exporting
    from tests.guarantees.test_exports import DANGEROUS, HARMLESS

    cells = [*DANGEROUS, *HARMLESS]
    rows = [[cell, "x"] for cell in cells]
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        safe, workbook = io.BytesIO(), io.BytesIO()
        exporting.write_csv(safe, header=["name", "other"], rows=rows)
        exporting.write_xlsx(workbook, header=["name", "other"], rows=rows)
        careless = io.StringIO()
        csv.writer(careless).writerows(rows)
        for file, data, wanted in (
            ("safe.csv", safe.getvalue(), "none"),
            ("workbook.xlsx", workbook.getvalue(), "none"),
            ("careless.csv", careless.getvalue().encode(), "some"),
        ):
            (folder / file).write_bytes(data)
            found = _formulas(program, folder / file)
            right = (found == 0) == (wanted == "none")
            wrong += not right
            print(f"{file}: {found} formulas of {len(cells)} cells, {wanted} wanted: {'right' if right else 'WRONG'}")
    return int(bool(wrong))


def _formulas(program: str, file: Path) -> int:
    command = [program, f"-env:UserInstallation=file://{file.parent}/profile", "--headless"]
    if file.suffix == ".csv":
        command.append("--infilter=CSV:44,34,76,1")  # commas, quotation marks, UTF-8, from the first line on
    command += ["--convert-to", "fods", "--outdir", str(file.parent), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return len(FORMULA.findall(file.with_suffix(".fods").read_bytes()))


if __name__ == "__main__":
    sys.exit(main())
