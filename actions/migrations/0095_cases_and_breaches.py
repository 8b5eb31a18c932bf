"""Cases of persons, breaches, restrictions, and whom a record of several signers is about."""


import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('actions', '0093_names_wait'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(help_text="For the register. Do not write anybody's name or address here.", max_length=250, verbose_name='what happened')),
                ('noticed_at', models.DateTimeField(verbose_name='noticed')),
                ('everybody', models.BooleanField(default=False, help_text='Where a database or a backup was taken.', verbose_name='all signers of the form')),
                ('record', models.BigIntegerField(editable=False, null=True)),
                ('user_id', models.IntegerField(blank=True, null=True, verbose_name='user')),
                ('first_at', models.DateTimeField(blank=True, null=True, verbose_name='from')),
                ('last_at', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                ('number', models.PositiveIntegerField(default=0, verbose_name='signers affected')),
                ('words', models.JSONField(default=dict)),
                ('authority_told_at', models.DateTimeField(null=True, verbose_name='told to the authority')),
                ('mailed_at', models.DateTimeField(null=True, verbose_name='told to those affected')),
                ('mailed', models.PositiveIntegerField(default=0, verbose_name='mails')),
            ],
            options={
                'verbose_name': 'breach',
                'verbose_name_plural': 'breaches',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Restriction',
            fields=[
                ('signature', models.OneToOneField(on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='restriction', serialize=False, to='actions.signature')),
                ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='since')),
            ],
            options={
                'verbose_name': 'restriction',
                'verbose_name_plural': 'restrictions',
            },
        ),
        migrations.CreateModel(
            name='RightsCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(help_text='Where the letters lie, in your own system. No name and no address.', max_length=40, verbose_name='number of the case')),
                ('kind', models.CharField(choices=[('access', 'to see the data (art. 15, 20)'), ('correct', 'to correct the data (art. 16)'), ('erase', 'to erase the data (art. 17)'), ('restrict', 'to restrict their use (art. 18)'), ('object', 'an objection (art. 21)'), ('withdraw', 'to withdraw the signature, or a consent (art. 7)')], max_length=10, verbose_name='asks')),
                ('received_on', models.DateField(verbose_name='received on')),
                ('identity', models.CharField(blank=True, choices=[('', 'not made sure of yet'), ('mailbox', 'answered from the mailbox that signed'), ('link', 'came by the link in a mail of ours'), ('shown', 'showed a document; no copy is kept'), ('doubt', 'in doubt: more was asked for (art. 12 no. 6)')], db_default='', default='', max_length=10, verbose_name='who asks')),
                ('extended', models.BooleanField(db_default=False, default=False, verbose_name='two months more, and the person was told why within the first')),
                ('signatures', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None, verbose_name='signatures')),
                ('opened_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='opened')),
                ('outcome', models.CharField(blank=True, choices=[('done', 'done'), ('nothing', 'nothing is held'), ('partly', 'done in part, and told why'), ('refused', 'refused, and told why and where to complain')], default='', max_length=10, verbose_name='what came of it')),
                ('done_at', models.DateTimeField(null=True, verbose_name='done')),
            ],
            options={
                'verbose_name': 'case',
                'verbose_name_plural': 'cases',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='TouchedSigner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('record', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'signer of an audit record',
                'verbose_name_plural': 'signers of audit records',
            },
        ),
        migrations.AddField(
            model_name='deliverypackage',
            name='record',
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='export',
            name='record',
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='export',
            name='use',
            field=models.CharField(choices=[('check', 'to check the signatures'), ('figures', 'figures, without anything about a person'), ('contact_action', 'to write about this action, to those who agreed'), ('contact_other', 'to write about other work, to those who agreed'), ('claim', 'a legal claim, or an authority that may demand it')], db_default='check', default='check', max_length=15, verbose_name='use'),
        ),
        migrations.AlterField(
            model_name='auditrecord',
            name='verb',
            field=models.CharField(choices=[('mailed', 'opened to send a mail'), ('opened', 'opened'), ('matched', 'opened to see whether a rule fits'), ('searched', 'looked for an address'), ('disclosed', 'given to the signer'), ('corrected', 'corrected'), ('withdrawn', 'withdrawn'), ('refused', 'signed by somebody else, said the owner of the address'), ('erased', 'erased'), ('consent', 'consent ended or given'), ('released', 'counted after review'), ('held', 'held'), ('invalidated', 'taken out after review'), ('undone', 'a decision undone'), ('names', 'first names shown'), ('forgotten', 'personal data deleted'), ('key_destroyed', 'key destroyed'), ('key_rotated', 'key wrapped anew'), ('waits', 'erasure put off by a legal hold'), ('legal_hold', 'deletion stopped or allowed again'), ('limits', 'signing limits changed'), ('export_asked', 'asked for an export'), ('exported', 'opened for an export'), ('downloaded', 'took a file'), ('packed', 'opened for a hand-over'), ('imported', 'imported'), ('moved', 'address changed'), ('restricted', 'use restricted'), ('lifted', 'restriction lifted'), ('objected', 'objection noted'), ('affected', 'looked for those affected'), ('notified', 'told of a breach'), ('shared', 'given to the membership system'), ('broken', 'could not be opened'), ('restored', 'erased again after a restore'), ('logged_in', 'logged in'), ('login_failed', 'log-in failed'), ('logged_out', 'logged out'), ('factor_added', 'second step set up'), ('factor_removed', 'second step taken away'), ('factor_failed', 'second step failed'), ('factor_sealed', 'second step encrypted anew'), ('codes_made', 'recovery codes made'), ('code_used', 'recovery code used'), ('password', 'password set'), ('invited', 'invitation sent'), ('user_made', 'user made'), ('user_changed', 'user changed'), ('user_off', 'user switched off'), ('user_on', 'user switched on'), ('user_deleted', 'user deleted'), ('superuser_made', 'made superuser'), ('superuser_taken', 'no longer superuser'), ('role_asked', 'role proposed'), ('role_refused', 'proposed role refused'), ('role_confirmed', 'proposed role confirmed'), ('role_given', 'role given'), ('role_taken', 'role taken away'), ('right_given', 'right given'), ('right_taken', 'right taken away'), ('group_made', 'group made'), ('group_changed', 'rights of a group changed'), ('group_deleted', 'group deleted'), ('network', 'shared network changed')], max_length=15, verbose_name='what'),
        ),
        migrations.AddField(
            model_name='incident',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='incident',
            name='export',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='actions.export', verbose_name='export'),
        ),
        migrations.AddField(
            model_name='incident',
            name='package',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='actions.deliverypackage', verbose_name='package'),
        ),
        migrations.AddField(
            model_name='incident',
            name='petition',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='actions.petition', verbose_name='signature form'),
        ),
        migrations.AddField(
            model_name='rightscase',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='touchedsigner',
            name='signature',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='touched', to='actions.signature'),
        ),
        migrations.AddIndex(
            model_name='rightscase',
            index=models.Index(condition=models.Q(('done_at', None)), fields=['received_on'], name='cases_open'),
        ),
        migrations.AddIndex(
            model_name='touchedsigner',
            index=models.Index(fields=['record'], name='touched_of_a_record'),
        ),
        migrations.AddConstraint(
            model_name='touchedsigner',
            constraint=models.UniqueConstraint(fields=('signature', 'record'), name='touched_once'),
        ),
    ]
