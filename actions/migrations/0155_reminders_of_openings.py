"""Who wants to be told when an action opens."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0151_moved_by_a_file"),
    ]

    operations = [
        migrations.CreateModel(
            name='OpeningReminder',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('digest', models.BinaryField(max_length=32)),
                ('sealed', models.BinaryField()),
                ('language', models.CharField(max_length=10)),
                ('link_hash', models.BinaryField(max_length=32, null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('attempts', models.PositiveSmallIntegerField(db_default=0)),
                ('asked_at', models.DateTimeField(null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('petition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='actions.petition')),
            ],
            options={
                'verbose_name': 'reminder of an opening',
                'verbose_name_plural': 'reminders of openings',
                'indexes': [models.Index(fields=['petition', 'digest'], name='reminders_of_an_address'), models.Index(fields=['due_at'], name='reminders_due'), models.Index(fields=['link_hash'], name='reminders_by_link')],
            },
        ),
    ]
