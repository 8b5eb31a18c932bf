"""Each attempt of high-risk mode has a code of its own; what is ticked waits for the mailbox; nobody signs for who said so."""

from pathlib import Path

from django.db import migrations

FUNCTIONS = (Path(__file__).parent / "_functions_codes.sql").read_text()
# What waits already is one attempt each.
WAITING = """
update actions_signer set proved_at = null where signature_id in (
    select id from actions_signature where state in ('awaiting', 'held'));
update actions_signature set claim = digest,
    digest = sha256(gen_random_uuid()::text::bytea || gen_random_uuid()::text::bytea)
where state in ('awaiting', 'held') and claim is null
    and petition_id in (select id from actions_petition where high_risk);
"""
# Who may call the verbs of a link may call the new ones, before `database_roles` runs: visitors use them meanwhile.
NEW = ("actions_link_ticks", "actions_show_name", "actions_refuse")
CALLERS = """
select distinct a.grantee::regrole::text from pg_proc p, aclexplode(p.proacl) a
where p.pronamespace = 'public'::regnamespace and p.proname = 'actions_leave' and a.grantee not in (0, p.proowner)
"""


def grant(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(CALLERS)
        for (role,) in cursor.fetchall():  # quoted as SQL wants them
            for name in NEW:
                cursor.execute(f"grant execute on function {name} to {role}")


class Migration(migrations.Migration):
    dependencies = [("actions", "0081_attempts_of_an_address")]
    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(WAITING, migrations.RunSQL.noop),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
