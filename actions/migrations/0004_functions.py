"""The database's verbs of signing, and the keys and totals of petitions that are there already."""

from pathlib import Path

from django.db import migrations

FUNCTIONS = (Path(__file__).parent / "_functions.sql").read_text()

KEYS = """
insert into actions_petitionsecret (petition_id, wrapped_key) select id, wrapped_secret_key from actions_petition
"""
TOTALS = """
insert into actions_totalslot (petition_id, slot, counted)
select petition_id, 0, sum(counted) from actions_tally group by petition_id
"""


class Migration(migrations.Migration):
    dependencies = [("actions", "0003_safe_signing")]
    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(KEYS, migrations.RunSQL.noop),
        migrations.RunSQL(TOTALS, migrations.RunSQL.noop),
    ]
