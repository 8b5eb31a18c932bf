"""In high-risk mode a signature counts once its mailbox has confirmed it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("actions", "0006_public_number")]

    operations = [
        migrations.RemoveConstraint(
            model_name='petition',
            name='high_risk_asks_for_little',
        ),
        migrations.RunSQL("update actions_petition set counting = 'confirmed' where high_risk", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='petition',
            constraint=models.CheckConstraint(condition=models.Q(('high_risk', False), models.Q(('ask_comment', False), ('ask_country', False), ('ask_phone', False), ('ask_postcode', False), ('counting', 'confirmed'), ('show_names', False)), _connector='OR'), name='high_risk_asks_for_little'),
        ),
        migrations.AlterField(
            model_name="outboxmail",
            name="kind",
            field=models.CharField(
                choices=[
                    ("receipt", "receipt"),
                    ("confirm", "request to confirm"),
                    ("code", "code to confirm with, and nothing else"),
                    ("reminder", "reminder to confirm"),
                    ("again", "you have signed already"),
                    ("link", "link to my signature"),
                    ("update", "mail to signers"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="petition",
            name="high_risk",
            field=models.BooleanField(
                default=False,
                help_text="For actions where signing itself is dangerous: only name and e-mail are asked for, a signature counts once a code from a mail is typed that names neither the action nor you, and a name is handed over only if the signer ticks so.",
                verbose_name="high-risk mode",
            ),
        ),
    ]
