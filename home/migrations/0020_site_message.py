"""The message of the day, in each language."""

import uuid

import django.db.models.deletion
import django.utils.timezone
import wagtail.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('home', '0015_why_to_give_and_how_much'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='SiteMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('translation_key', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('written_in', models.CharField(blank=True, default='', editable=False, max_length=12)),
                ('text', wagtail.fields.RichTextField(help_text='One or two sentences, with a link where there is more to read.', verbose_name='text')),
                ('shown_from', models.DateTimeField(default=django.utils.timezone.now, verbose_name='shown from')),
                ('shown_until', models.DateTimeField(verbose_name='shown until')),
                ('locale', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.locale', verbose_name='locale')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='wagtailcore.site', verbose_name='site')),
            ],
            options={
                'verbose_name': 'message of the day',
                'verbose_name_plural': 'messages of the day',
                'ordering': ['-shown_from', '-pk'],
                'abstract': False,
                'unique_together': {('translation_key', 'locale')},
                'constraints': [models.CheckConstraint(condition=models.Q(('shown_until__gt', models.F('shown_from'))), name='message_ends_after_it_begins')],
            },
        ),
    ]
