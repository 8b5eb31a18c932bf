"""Gone everywhere: addresses that count already, erasures that wait for the end of a hold, what a hold is for."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


FUNCTIONS = (Path(__file__).parent / "_functions_gone.sql").read_text()

# Who may call the verbs of a link may call the new one, before `database_roles` runs: visitors use it meanwhile.
CALLERS = """
select distinct a.grantee::regrole::text from pg_proc p, aclexplode(p.proacl) a
where p.pronamespace = 'public'::regnamespace and p.proname = 'actions_leave' and a.grantee not in (0, p.proowner)
"""


def grant(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(CALLERS)
        for (role,) in cursor.fetchall():  # quoted as SQL wants them
            cursor.execute(f"grant execute on function actions_link_waits to {role}")


class Migration(migrations.Migration):

    dependencies = [
        ('actions', '0090_restricted_in_every_language'),
    ]

    operations = [
        migrations.AddField(
            model_name='withdrawal',
            name='taken',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name='WaitingErasure',
            fields=[
                ('signature', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='waiting_erasure', serialize=False, to='actions.signature')),
                ('withdrawn', models.BooleanField()),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'erasure that waits',
                'verbose_name_plural': 'erasures that wait',
            },
        ),
        migrations.AddField(
            model_name='petition',
            name='hold_ground',
            field=models.CharField(blank=True, choices=[('claim', 'needed for a legal claim'), ('law', 'a law asks for it to be kept')], db_default='', editable=False, max_length=5, verbose_name='ground of the hold'),
        ),
        migrations.AddField(
            model_name='petition',
            name='hold_reason',
            field=models.CharField(blank=True, db_default='', editable=False, max_length=200, verbose_name='why'),
        ),
        migrations.AddField(
            model_name='petition',
            name='hold_until',
            field=models.DateField(editable=False, null=True, verbose_name='to be looked at again'),
        ),
        migrations.AddField(
            model_name='signer',
            name='name_is_old',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name='alarm',
            name='kind',
            field=models.CharField(choices=[('hour', 'many signatures in an hour'), ('country', 'many from one country'), ('domain', 'many from one mail domain'), ('held', 'many held'), ('mail', 'too many mails'), ('mails soon', 'many mails: sending stops soon'), ('count', 'a count that was wrong'), ('key', 'the master key is to be changed'), ('probes', 'addresses tried without a trace'), ('hold', 'a legal hold is to be looked at again'), ('role', 'a role of the database has other settings'), ('superuser', 'a new superuser'), ('rights', "somebody's rights changed"), ('factor', "somebody's second step was taken away"), ('logins', 'many failed log-ins'), ('names', 'many names opened by one person'), ('nameslimit', 'the limit of opened names was reached'), ('exports', 'many exports by one person'), ('members', 'the membership system is not told'), ('pictures', 'pictures that cannot be made'), ('secret', "a secret that is not this database's")], max_length=10, verbose_name='what'),
        ),
        migrations.AlterField(
            model_name='auditrecord',
            name='verb',
            field=models.CharField(choices=[('mailed', 'opened to send a mail'), ('opened', 'opened'), ('matched', 'opened to see whether a rule fits'), ('searched', 'looked for an address'), ('disclosed', 'given to the signer'), ('corrected', 'corrected'), ('withdrawn', 'withdrawn'), ('refused', 'signed by somebody else, said the owner of the address'), ('erased', 'erased'), ('consent', 'consent ended or given'), ('released', 'counted after review'), ('held', 'held'), ('invalidated', 'taken out after review'), ('undone', 'a decision undone'), ('names', 'first names shown'), ('forgotten', 'personal data deleted'), ('key_destroyed', 'key destroyed'), ('key_rotated', 'key wrapped anew'), ('waits', 'erasure put off by a legal hold'), ('legal_hold', 'deletion stopped or allowed again'), ('limits', 'signing limits changed'), ('export_asked', 'asked for an export'), ('exported', 'opened for an export'), ('downloaded', 'took a file'), ('packed', 'opened for a hand-over'), ('imported', 'imported'), ('shared', 'given to the membership system'), ('broken', 'could not be opened'), ('restored', 'erased again after a restore'), ('logged_in', 'logged in'), ('login_failed', 'log-in failed'), ('logged_out', 'logged out'), ('factor_added', 'second step set up'), ('factor_removed', 'second step taken away'), ('factor_failed', 'second step failed'), ('factor_sealed', 'second step encrypted anew'), ('codes_made', 'recovery codes made'), ('code_used', 'recovery code used'), ('password', 'password set'), ('invited', 'invitation sent'), ('user_made', 'user made'), ('user_changed', 'user changed'), ('user_off', 'user switched off'), ('user_on', 'user switched on'), ('user_deleted', 'user deleted'), ('superuser_made', 'made superuser'), ('superuser_taken', 'no longer superuser'), ('role_asked', 'role proposed'), ('role_refused', 'proposed role refused'), ('role_confirmed', 'proposed role confirmed'), ('role_given', 'role given'), ('role_taken', 'role taken away'), ('right_given', 'right given'), ('right_taken', 'right taken away'), ('group_made', 'group made'), ('group_changed', 'rights of a group changed'), ('group_deleted', 'group deleted'), ('network', 'shared network changed')], max_length=15, verbose_name='what'),
        ),
        migrations.AddIndex(
            model_name='tombstone',
            index=models.Index(fields=['at'], name='erased_since'),
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
