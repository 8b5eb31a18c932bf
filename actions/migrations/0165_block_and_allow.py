"""Addresses and hosts that staff block or let through; counting one signature by hand."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('actions', '0160_what_failed_is_said'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ListedAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('list', models.CharField(choices=[('block', 'block: never counted unless staff say so'), ('allow', 'allow: not held for pace or network')], max_length=5, verbose_name='list')),
                ('digest', models.BinaryField(max_length=32, null=True, unique=True)),
                ('host', models.CharField(blank=True, max_length=253, verbose_name='host')),
                ('reason', models.CharField(help_text="For the others. Do not write anybody's name or address here.", max_length=120, verbose_name='why')),
                ('until', models.DateTimeField(blank=True, help_text='Empty: until somebody takes it off the list.', null=True, verbose_name='until')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='since')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'listed address or host',
                'verbose_name_plural': 'listed addresses and hosts',
                'ordering': ['-id'],
                'default_permissions': ('change',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('digest', None), models.Q(('host', ''), _negated=True)), models.Q(('digest__isnull', False), ('host', '')), _connector='OR'), name='either_an_address_or_a_host'), models.UniqueConstraint(condition=models.Q(('host', ''), _negated=True), fields=('host',), name='one_list_for_a_host')],
            },
        ),
        migrations.AlterField(
            model_name='hold',
            name='reason',
            field=models.CharField(choices=[('trap', 'a field that people cannot see was filled in'), ('pace', 'sent faster than a person can'), ('network', 'many from one network'), ('staff', 'held by staff'), ('blocked', 'on the block list')], max_length=10, verbose_name='why'),
        ),
        migrations.AlterField(
            model_name='reviewrule',
            name='verb',
            field=models.CharField(choices=[('release', 'count them'), ('hold', 'hold them'), ('invalidate', 'take them out'), ('count', 'count one by hand')], max_length=10, verbose_name='what'),
        ),
        migrations.AlterField(
            model_name='auditrecord',
            name='verb',
            field=models.CharField(choices=[('mailed', 'opened to send a mail'), ('opened', 'opened'), ('matched', 'opened to see whether a rule fits'), ('searched', 'looked for an address'), ('disclosed', 'given to the signer'), ('corrected', 'corrected'), ('withdrawn', 'withdrawn'), ('refused', 'signed by somebody else, said the owner of the address'), ('erased', 'erased'), ('consent', 'consent ended or given'), ('released', 'counted after review'), ('held', 'held'), ('invalidated', 'taken out after review'), ('undone', 'a decision undone'), ('names', 'first names shown'), ('forgotten', 'personal data deleted'), ('key_destroyed', 'key destroyed'), ('key_rotated', 'key wrapped anew'), ('waits', 'erasure put off by a legal hold'), ('legal_hold', 'deletion stopped or allowed again'), ('limits', 'signing limits changed'), ('export_asked', 'asked for an export'), ('exported', 'opened for an export'), ('downloaded', 'took a file'), ('packed', 'opened for a hand-over'), ('imported', 'imported'), ('moved', 'address changed'), ('restricted', 'use restricted'), ('lifted', 'restriction lifted'), ('objected', 'objection noted'), ('affected', 'looked for those affected'), ('notified', 'told of a breach'), ('shared', 'given to the membership system'), ('broken', 'could not be opened'), ('restored', 'erased again after a restore'), ('unlisted', 'name taken off the lists to come'), ('delivery', 'delivery changed'), ('allowed', 'the number may go to somebody else'), ('sent_again', 'request to confirm sent again'), ('logged_in', 'logged in'), ('login_failed', 'log-in failed'), ('logged_out', 'logged out'), ('factor_added', 'second step set up'), ('factor_removed', 'second step taken away'), ('factor_failed', 'second step failed'), ('factor_sealed', 'second step encrypted anew'), ('codes_made', 'recovery codes made'), ('code_used', 'recovery code used'), ('password', 'password set'), ('invited', 'invitation sent'), ('user_made', 'user made'), ('user_changed', 'user changed'), ('user_off', 'user switched off'), ('user_on', 'user switched on'), ('user_deleted', 'user deleted'), ('superuser_made', 'made superuser'), ('superuser_taken', 'no longer superuser'), ('role_asked', 'role proposed'), ('role_refused', 'proposed role refused'), ('role_confirmed', 'proposed role confirmed'), ('role_given', 'role given'), ('role_taken', 'role taken away'), ('right_given', 'right given'), ('right_taken', 'right taken away'), ('group_made', 'group made'), ('group_changed', 'rights of a group changed'), ('group_deleted', 'group deleted'), ('network', 'shared network changed'), ('listed', 'block or allow list changed')], max_length=15, verbose_name='what'),
        ),
    ]
