"""Opening a mailed link is written down nowhere any more."""

from pathlib import Path

from django.db import migrations

FUNCTIONS = (Path(__file__).parent / "_functions_links.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("actions", "0071_notices_in_order")]
    operations = [migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop)]
