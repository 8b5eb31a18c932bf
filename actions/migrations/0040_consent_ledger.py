"""The ledger of consents: one row for each giving and ending, written by triggers; and wishes made by signing again."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


FUNCTIONS = (Path(__file__).parent / "_functions_ledger.sql").read_text()


class Migration(migrations.Migration):

    dependencies = [
        ('actions', '0021_walls_verbs'),
    ]

    operations = [
        migrations.AddField(
            model_name='consenttext',
            name='hand_over_name',
            field=models.TextField(blank=True, db_default='', default='', verbose_name='name handed over'),
        ),
        migrations.AddField(
            model_name='consenttext',
            name='show_name',
            field=models.TextField(blank=True, db_default='', default='', verbose_name='first name shown'),
        ),
        migrations.AlterField(
            model_name='auditrecord',
            name='verb',
            field=models.CharField(choices=[('mailed', 'opened to send a mail'), ('opened', 'opened'), ('matched', 'opened to see whether a rule fits'), ('searched', 'looked for an address'), ('disclosed', 'given to the signer'), ('corrected', 'corrected'), ('withdrawn', 'withdrawn'), ('erased', 'erased'), ('consent', 'consent ended or given'), ('released', 'counted after review'), ('held', 'held'), ('invalidated', 'taken out after review'), ('undone', 'a decision undone'), ('names', 'first names shown'), ('forgotten', 'personal data deleted'), ('key_destroyed', 'key destroyed'), ('key_rotated', 'key wrapped anew'), ('legal_hold', 'deletion stopped or allowed again'), ('limits', 'signing limits changed'), ('export_asked', 'asked for an export'), ('exported', 'opened for an export'), ('downloaded', 'took a file'), ('packed', 'opened for a hand-over'), ('imported', 'imported'), ('shared', 'given to the membership system'), ('broken', 'could not be opened'), ('restored', 'erased again after a restore'), ('logged_in', 'logged in'), ('login_failed', 'log-in failed'), ('logged_out', 'logged out'), ('factor_added', 'second step set up'), ('factor_removed', 'second step taken away'), ('factor_failed', 'second step failed'), ('codes_made', 'recovery codes made'), ('code_used', 'recovery code used'), ('password', 'password set'), ('invited', 'invitation sent'), ('user_made', 'user made'), ('user_changed', 'user changed'), ('user_off', 'user switched off'), ('user_on', 'user switched on'), ('user_deleted', 'user deleted'), ('superuser_made', 'made superuser'), ('superuser_taken', 'no longer superuser'), ('role_asked', 'role proposed'), ('role_refused', 'proposed role refused'), ('role_confirmed', 'proposed role confirmed'), ('role_given', 'role given'), ('role_taken', 'role taken away'), ('right_given', 'right given'), ('right_taken', 'right taken away'), ('group_made', 'group made'), ('group_changed', 'rights of a group changed'), ('group_deleted', 'group deleted'), ('network', 'shared network changed')], max_length=15, verbose_name='what'),
        ),
        migrations.CreateModel(
            name='ConsentWish',
            fields=[
                ('signature', models.OneToOneField(on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='wish', serialize=False, to='actions.signature')),
                ('contact_action', models.BooleanField()),
                ('contact_other', models.BooleanField()),
                ('consent_text', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='actions.consenttext')),
            ],
            options={
                'verbose_name': 'wish to hear from us',
                'verbose_name_plural': 'wishes to hear from us',
            },
        ),
        migrations.CreateModel(
            name='ConsentRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consent', models.CharField(choices=[('contact_action', 'contact about this action'), ('contact_other', 'contact about other work'), ('show_name', 'first name shown'), ('hand_over_name', 'name handed over')], max_length=15, verbose_name='consent')),
                ('given', models.BooleanField(verbose_name='given')),
                ('way', models.CharField(choices=[('form', 'on the form'), ('confirmed', 'confirmed from the mailbox'), ('link', 'by a mailed link'), ('one_click', 'in the mail program'), ('staff', 'by staff'), ('import', 'brought in'), ('restore', 'again after a restore'), ('command', 'by a command'), ('before', 'before such records were kept')], max_length=10, verbose_name='by what way')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='when')),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='recorded')),
                ('consent_text', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='actions.consenttext', verbose_name='words')),
                ('signature', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='consents', to='actions.signature', verbose_name='signature')),
            ],
            options={
                'verbose_name': 'consent given or ended',
                'verbose_name_plural': 'consents given and ended',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['signature', 'id'], name='consents_of_a_signature'), models.Index(condition=models.Q(('given', False)), fields=['recorded_at'], name='consents_ended')],
            },
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
    ]
