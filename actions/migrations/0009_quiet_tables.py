"""What the verbs of the public process write where it cannot read (`_functions_quiet.sql`)."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("actions", "0008_codes_sent"),
    ]

    operations = [
        migrations.CreateModel(
            name='CodeTry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.BinaryField(max_length=32)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'try of a code',
                'verbose_name_plural': 'tries of codes',
            },
        ),
        migrations.CreateModel(
            name='LinkRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.BinaryField(max_length=32)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'request for a link',
                'verbose_name_plural': 'requests for links',
            },
        ),
        migrations.CreateModel(
            name='LookedUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('called', models.BigIntegerField()),
                ('kept', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'look-ups',
                'verbose_name_plural': 'look-ups',
            },
        ),
        # The version before still reads the column; it goes a release later. docs/decisions/0024.
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField('signerlink', 'tries')]),
        migrations.AddField(
            model_name='totalslot',
            name='looked_up',
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AlterField(
            model_name='alarm',
            name='kind',
            field=models.CharField(choices=[('hour', 'many signatures in an hour'), ('country', 'many from one country'), ('domain', 'many from one mail domain'), ('held', 'many held'), ('mail', 'too many mails'), ('count', 'a count that was wrong'), ('probes', 'addresses tried without a trace'), ('role', 'a role of the database has other settings')], max_length=10, verbose_name='what'),
        ),
        migrations.AlterField(
            model_name='auditrecord',
            name='verb',
            field=models.CharField(choices=[('mailed', 'opened to send a mail'), ('opened', 'opened'), ('searched', 'looked for an address'), ('disclosed', 'given to the signer'), ('corrected', 'corrected'), ('withdrawn', 'withdrawn'), ('erased', 'erased'), ('consent', 'contact ended'), ('released', 'counted after review'), ('held', 'held'), ('invalidated', 'taken out after review'), ('undone', 'a decision undone'), ('names', 'first names shown'), ('forgotten', 'personal data deleted'), ('key_destroyed', 'key destroyed'), ('key_rotated', 'key wrapped anew'), ('legal_hold', 'deletion stopped or allowed again'), ('limits', 'signing limits changed'), ('export_asked', 'asked for an export'), ('exported', 'opened for an export'), ('downloaded', 'took a file'), ('packed', 'opened for a hand-over'), ('imported', 'imported'), ('shared', 'given to the membership system'), ('broken', 'could not be opened'), ('restored', 'erased again after a restore')], max_length=15, verbose_name='what'),
        ),
        migrations.AddIndex(
            model_name='codetry',
            index=models.Index(fields=['digest', 'at'], name='tries_of_a_digest'),
        ),
    ]
