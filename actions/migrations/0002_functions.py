"""The database's verbs of signing and of the backoffice."""

from pathlib import Path

from django.db import migrations

FUNCTIONS = [
    (Path(__file__).parent / name).read_text() for name in ("_functions.sql", "_functions_backoffice.sql")
]


class Migration(migrations.Migration):
    replaces = [
        ("actions", "0004_functions"),
        ("actions", "0007_backoffice_functions"),
        ("actions", "0009_functions_for_mailings"),
    ]
    dependencies = [("actions", "0001_tables")]
    operations = [migrations.RunSQL(functions, migrations.RunSQL.noop) for functions in FUNCTIONS]
