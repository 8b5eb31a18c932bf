"""What the public process may do with reminders of openings."""

from pathlib import Path

from django.db import migrations

FUNCTIONS = (Path(__file__).parent / "_functions_reminders.sql").read_text()
BACK = """
drop function if exists actions_ask_reminder(bigint, uuid, bytea, text, bytea);
drop function if exists actions_reminder_facts(bytea);
drop function if exists actions_answer_reminder(bytea, boolean);
drop function if exists actions_reminder_gone() cascade;
"""


class Migration(migrations.Migration):
    dependencies = [("actions", "0155_reminders_of_openings")]
    operations = [migrations.RunSQL(FUNCTIONS, BACK)]
