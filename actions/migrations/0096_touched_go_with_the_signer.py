"""Whom an audit record is about goes with the signer."""

from pathlib import Path

from django.db import migrations

FUNCTIONS = (Path(__file__).parent / "_functions_cases.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("actions", "0095_cases_and_breaches")]
    operations = [migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop)]
