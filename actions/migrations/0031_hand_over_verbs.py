"""Verbs that know what a signer was told of the hand-over."""

from pathlib import Path

from django.db import migrations

FUNCTIONS = (Path(__file__).parent / "_functions_hand_over.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("actions", "0030_hand_over_notices")]
    operations = [migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop)]
