"""Whoever signs is looked for on the lists, by the database; and each change of a list stands in the trail."""

from pathlib import Path

from django.db import migrations

FUNCTIONS = (Path(__file__).parent / "_functions_lists.sql").read_text()
# Who may call the function that signs may call the new one, before `database_roles` runs: visitors sign meanwhile.
CALLERS = """
select distinct a.grantee::regrole::text from pg_proc p, aclexplode(p.proacl) a
where p.pronamespace = 'public'::regnamespace and p.proname = 'actions_sign_as_told' and a.grantee not in (0, p.proowner)
"""


def grant(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(CALLERS)
        for (role,) in cursor.fetchall():  # quoted as SQL wants them
            cursor.execute(f"grant execute on function actions_sign_by_lists to {role}")


BACK = """
drop trigger if exists note_listed on actions_listedaddress;
drop function if exists actions_note_listed, actions_sign_by_lists, actions_listed;
"""


class Migration(migrations.Migration):
    dependencies = [("actions", "0165_block_and_allow")]
    operations = [
        migrations.RunSQL(FUNCTIONS, BACK),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
