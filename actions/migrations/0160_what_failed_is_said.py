"""Whoever asked for a correction or a copy by a link is told when it could not be done."""

from pathlib import Path

from django.db import migrations

FUNCTIONS = (Path(__file__).parent / "_functions_failed.sql").read_text()
# Who may call the verbs of a link may call this one, before `database_roles` runs: visitors use it meanwhile.
CALLERS = """
select distinct a.grantee::regrole::text from pg_proc p, aclexplode(p.proacl) a
where p.pronamespace = 'public'::regnamespace and p.proname = 'actions_leave' and a.grantee not in (0, p.proowner)
"""


def grant(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(CALLERS)
        for (role,) in cursor.fetchall():  # quoted as SQL wants them
            cursor.execute(f"grant execute on function actions_link_failed to {role}")


class Migration(migrations.Migration):
    dependencies = [("actions", "0156_reminder_verbs")]
    operations = [
        migrations.RunSQL(FUNCTIONS, "drop function if exists actions_link_failed(bytea)"),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
