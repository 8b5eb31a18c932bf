"""Names that are to be handed over wait for the mailbox, as all that is ticked does."""

from pathlib import Path

from django.db import migrations

FUNCTIONS = (Path(__file__).parent / "_functions_waits.sql").read_text()
# Who may call the verbs of a link may call the one that is made anew, before `database_roles` runs: visitors use it meanwhile.
CALLERS = """
select distinct a.grantee::regrole::text from pg_proc p, aclexplode(p.proacl) a
where p.pronamespace = 'public'::regnamespace and p.proname = 'actions_leave' and a.grantee not in (0, p.proowner)
"""


def grant(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(CALLERS)
        for (role,) in cursor.fetchall():  # quoted as SQL wants them
            cursor.execute(f"grant execute on function actions_link_ticks to {role}")


class Migration(migrations.Migration):
    dependencies = [("actions", "0092_gone_from_before")]
    operations = [
        # Going back takes it away, for what it was is made anew by the migrations before, with other columns.
        migrations.RunSQL(FUNCTIONS, "drop function if exists actions_link_ticks(bytea)"),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
