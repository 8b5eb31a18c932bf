"""A code is tried for good before it is answered; shared networks stay in the database."""

from pathlib import Path

from django.db import migrations

FUNCTIONS = (Path(__file__).parent / "_functions_walls.sql").read_text()
# Who may call the ones of before may call the new ones, before `database_roles` runs: visitors sign meanwhile.
MADE_OF = {"actions_sign": ("actions_sign",), "actions_confirm_code": ("actions_confirm_code", "actions_try_code")}
CALLERS = """
select distinct a.grantee::regrole::text from pg_proc p, aclexplode(p.proacl) a
where p.pronamespace = 'public'::regnamespace and p.proname = %s and a.grantee not in (0, p.proowner)
"""


def make(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        callers = {}
        for name in MADE_OF:
            cursor.execute(CALLERS, [name])
            callers[name] = [role for (role,) in cursor.fetchall()]  # quoted as SQL wants them
        cursor.execute(FUNCTIONS)
        for name, roles in callers.items():
            for role in roles:
                for made in MADE_OF[name]:
                    cursor.execute(f"grant execute on function {made} to {role}")


class Migration(migrations.Migration):
    dependencies = [("actions", "0020_tries_of_codes")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
