"""Signing again calls for the mail again; who wants none is not reminded; who answers has a mailbox."""

from pathlib import Path

from django.db import migrations

FUNCTIONS = (Path(__file__).parent / "_functions_mails.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("actions", "0130_mailbox_gone")]
    operations = [migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop)]
