"""What is restricted in one language is not there for visitors in any."""

from pathlib import Path

from django.db import migrations

FUNCTIONS = (Path(__file__).parent / "_functions_visible.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("actions", "0090_kinds_of_audit")]
    operations = [migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop)]
