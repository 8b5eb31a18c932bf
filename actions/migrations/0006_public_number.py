"""The number that visitors see while a form is open, and the view in which they read totals."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

VIEW = (Path(__file__).parent / "_functions_number.sql").read_text()


class Migration(migrations.Migration):

    dependencies = [
        ("actions", "0005_looked_at_names_and_master_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name='PublicTotal',
            fields=[
                ('petition', models.OneToOneField(on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='public_total', serialize=False, to='actions.petition')),
                ('exact', models.BooleanField()),
                ('online', models.BigIntegerField()),
                ('paper', models.BigIntegerField()),
                ('removed', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'public total',
                'verbose_name_plural': 'public totals',
                'db_table': 'actions_publictotal',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='PublicHour',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.DateTimeField()),
                ('number', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'hour of a public number',
                'verbose_name_plural': 'hours of public numbers',
            },
        ),
        migrations.CreateModel(
            name='PublicNumber',
            fields=[
                ('petition', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='public_number', serialize=False, to='actions.petition')),
                ('number', models.BigIntegerField(db_default=0)),
                ('paper', models.BigIntegerField(db_default=0)),
                ('step', models.PositiveIntegerField(db_default=0)),
                ('rises_at', models.BigIntegerField(db_default=0)),
                ('falls_at', models.BigIntegerField(db_default=-1)),
                ('look_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('settled', models.BooleanField(db_default=False)),
            ],
            options={
                'verbose_name': 'public number',
                'verbose_name_plural': 'public numbers',
            },
        ),
        migrations.AddField(
            model_name='publichour',
            name='petition',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='public_hours', to='actions.petition'),
        ),
        migrations.AddConstraint(
            model_name='publichour',
            constraint=models.UniqueConstraint(fields=('petition', 'hour'), name='one_public_hour'),
        ),
        migrations.RunSQL(VIEW, "drop view actions_publictotal"),
    ]
