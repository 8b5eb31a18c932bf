"""High risk stays once a form has opened, and a copy for a signer is thrown away once something in it changes."""

from pathlib import Path

from django.db import migrations, models

FUNCTIONS = (Path(__file__).parent / "_functions_promises.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("actions", "0099_ends_of_restricted")]
    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        # Copies of before may tell what is no longer so.
        migrations.RunSQL(
            "delete from actions_signerrequest where kind = 'copy' and done_at is not null", migrations.RunSQL.noop
        ),
        migrations.AlterField(
            "petition",
            "high_risk",
            models.BooleanField(
                default=False,
                help_text=(
                    "For actions where signing itself is dangerous: only name and e-mail are asked for, a signature counts "
                    "once a code from a mail is typed that names neither the action nor you, and a name is handed over only "
                    "if the signer ticks so. Once the form has opened it stays: signers were promised it."
                ),
                verbose_name="high-risk mode",
            ),
        ),
    ]
