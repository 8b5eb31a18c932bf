"""Accounts: what the trail and alarms tell of them, and roles that wait for a second person."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("actions", "0012_pictures_of_pages"),
        ('auth', '0012_alter_user_first_name_max_length'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='auditrecord',
            name='account_id',
            field=models.IntegerField(null=True, verbose_name='about the user'),
        ),
        migrations.AlterField(
            model_name='alarm',
            name='kind',
            field=models.CharField(choices=[('hour', 'many signatures in an hour'), ('country', 'many from one country'), ('domain', 'many from one mail domain'), ('held', 'many held'), ('mail', 'too many mails'), ('count', 'a count that was wrong'), ('superuser', 'a new superuser'), ('rights', "somebody's rights changed"), ('factor', "somebody's second step was taken away"), ('logins', 'many failed log-ins')], max_length=10, verbose_name='what'),
        ),
        migrations.AlterField(
            model_name='auditrecord',
            name='actor',
            field=models.CharField(choices=[('signer', 'signer'), ('staff', 'staff'), ('worker', 'the site itself'), ('command', 'a command'), ('nobody', 'somebody who was not logged in')], max_length=10, verbose_name='by'),
        ),
        migrations.AlterField(
            model_name='auditrecord',
            name='verb',
            field=models.CharField(choices=[('mailed', 'opened to send a mail'), ('opened', 'opened'), ('searched', 'looked for an address'), ('disclosed', 'given to the signer'), ('corrected', 'corrected'), ('withdrawn', 'withdrawn'), ('erased', 'erased'), ('consent', 'contact ended'), ('released', 'counted after review'), ('held', 'held'), ('invalidated', 'taken out after review'), ('undone', 'a decision undone'), ('names', 'first names shown'), ('forgotten', 'personal data deleted'), ('key_destroyed', 'key destroyed'), ('key_rotated', 'key wrapped anew'), ('legal_hold', 'deletion stopped or allowed again'), ('limits', 'signing limits changed'), ('export_asked', 'asked for an export'), ('exported', 'opened for an export'), ('downloaded', 'took a file'), ('packed', 'opened for a hand-over'), ('imported', 'imported'), ('shared', 'given to the membership system'), ('restored', 'erased again after a restore'), ('logged_in', 'logged in'), ('login_failed', 'log-in failed'), ('logged_out', 'logged out'), ('factor_added', 'second step set up'), ('factor_removed', 'second step taken away'), ('factor_failed', 'second step failed'), ('codes_made', 'recovery codes made'), ('code_used', 'recovery code used'), ('password', 'password set'), ('invited', 'invitation sent'), ('user_made', 'user made'), ('user_changed', 'user changed'), ('user_off', 'user switched off'), ('user_on', 'user switched on'), ('user_deleted', 'user deleted'), ('superuser_made', 'made superuser'), ('superuser_taken', 'no longer superuser'), ('role_asked', 'role proposed'), ('role_refused', 'proposed role refused'), ('role_confirmed', 'proposed role confirmed'), ('role_given', 'role given'), ('role_taken', 'role taken away'), ('right_given', 'right given'), ('right_taken', 'right taken away'), ('group_made', 'group made'), ('group_changed', 'rights of a group changed'), ('group_deleted', 'group deleted'), ('network', 'shared network changed')], max_length=15, verbose_name='what'),
        ),
        migrations.CreateModel(
            name='ProposedRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='proposed')),
                ('decided_at', models.DateTimeField(null=True)),
                ('confirmed', models.BooleanField(null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('group', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='auth.group', verbose_name='role')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='for whom')),
            ],
            options={
                'verbose_name': 'proposed role',
                'verbose_name_plural': 'proposed roles',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('decided_at', None)), fields=('user', 'group'), name='one_waiting_proposal_per_role', nulls_distinct=False)],
            },
        ),
    ]
