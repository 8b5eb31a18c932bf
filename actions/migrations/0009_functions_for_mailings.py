"""The verbs of signing again: which mails are sent once is said in another way since there are mailings."""

from pathlib import Path

from django.db import migrations

FUNCTIONS = (Path(__file__).parent / "_functions.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("actions", "0008_mail_to_signers")]
    operations = [migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop)]
