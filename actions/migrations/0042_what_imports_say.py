"""What imports say of consents and leave out, where a signer came from, and who is not to be brought back."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models


FUNCTIONS = (Path(__file__).parent / "_functions_import.sql").read_text()


class Migration(migrations.Migration):

    dependencies = [
        ('actions', '0041_consents_from_before'),
    ]

    operations = [
        migrations.AddField(
            model_name='signatureimport',
            name='consents_on',
            field=models.DateField(null=True, verbose_name='day of the consents'),
        ),
        migrations.AddField(
            model_name='signatureimport',
            name='consents_recorded',
            field=models.CharField(blank=True, db_default='', max_length=200, verbose_name='where the consents are recorded'),
        ),
        migrations.AddField(
            model_name='signatureimport',
            name='left_out',
            field=models.CharField(blank=True, db_default='', max_length=200, verbose_name='left out'),
        ),
        migrations.AddField(
            model_name='signatureimport',
            name='withdrew',
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name='withdrew earlier'),
        ),
        migrations.AddField(
            model_name='signatureimport',
            name='words_contact_action',
            field=models.TextField(blank=True, db_default='', verbose_name='words: contact about this action'),
        ),
        migrations.AddField(
            model_name='signatureimport',
            name='words_contact_other',
            field=models.TextField(blank=True, db_default='', verbose_name='words: contact about other work'),
        ),
        migrations.AddField(
            model_name='signer',
            name='imported_in',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='actions.signatureimport'),
        ),
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('digest', models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ('petition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='actions.petition')),
            ],
            options={
                'verbose_name': 'withdrawal',
                'verbose_name_plural': 'withdrawals',
            },
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
    ]
