"""Whether the owner of a mailbox has answered, attempts that wait side by side, and budgets of mails by kind."""

from django.db import migrations, models

# Who signed before has been written to and shown already, and stays so. The moment is worked out once, for all rows there are:
# the table is not written anew.
PROVED = [
    "alter table actions_signer add column proved_at timestamptz default now()",
    "alter table actions_signer alter column proved_at drop default",
]


class Migration(migrations.Migration):

    dependencies = [
        ('actions', '0034_further_recipients'),
    ]

    operations = [
        migrations.AddField(
            model_name='addressmail',
            name='budget',
            field=models.CharField(choices=[('code', 'codes'), ('confirm', 'requests to confirm'), ('other', 'anything else')], db_default='other', default='other', max_length=7),
        ),
        migrations.AddField(
            model_name='signature',
            name='claim',
            field=models.BinaryField(max_length=32, null=True),
        ),
        migrations.RunSQL(
            PROVED,
            "alter table actions_signer drop column proved_at",
            state_operations=[
                migrations.AddField(
                    model_name='signer',
                    name='proved_at',
                    field=models.DateTimeField(null=True),
                ),
            ],
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='never',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name='petition',
            name='show_names',
            field=models.BooleanField(default=False, help_text='Signers may tick it, and say so again from their mail. Names appear some hours later, in no order, and go when the signature goes.', verbose_name='offer to show first name and place'),
        ),
    ]
