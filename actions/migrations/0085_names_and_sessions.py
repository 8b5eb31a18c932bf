"""Names of what is deleted are kept for the audit trail; who is switched off is logged out; sealing anew is told as that."""

from pathlib import Path

import django.db.models.functions.datetime
from django.db import migrations, models

FUNCTIONS = (Path(__file__).parent / "_functions_people.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0082_codes_of_attempts"),
        ("home", "0013_switched_off"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [
        migrations.CreateModel(
            name="FormerName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("user", "user"), ("form", "signature form")], max_length=10)),
                ("of", models.BigIntegerField()),
                ("name", models.CharField(max_length=320)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "verbose_name": "former name",
                "verbose_name_plural": "former names",
                "constraints": [models.UniqueConstraint(fields=("kind", "of"), name="one_former_name")],
            },
        ),
        migrations.AlterField(
            model_name="auditrecord",
            name="verb",
            field=models.CharField(
                choices=[
                    ("mailed", "opened to send a mail"),
                    ("opened", "opened"),
                    ("matched", "opened to see whether a rule fits"),
                    ("searched", "looked for an address"),
                    ("disclosed", "given to the signer"),
                    ("corrected", "corrected"),
                    ("withdrawn", "withdrawn"),
                    ("erased", "erased"),
                    ("consent", "contact ended"),
                    ("released", "counted after review"),
                    ("held", "held"),
                    ("invalidated", "taken out after review"),
                    ("undone", "a decision undone"),
                    ("names", "first names shown"),
                    ("forgotten", "personal data deleted"),
                    ("key_destroyed", "key destroyed"),
                    ("key_rotated", "key wrapped anew"),
                    ("legal_hold", "deletion stopped or allowed again"),
                    ("limits", "signing limits changed"),
                    ("export_asked", "asked for an export"),
                    ("exported", "opened for an export"),
                    ("downloaded", "took a file"),
                    ("packed", "opened for a hand-over"),
                    ("imported", "imported"),
                    ("shared", "given to the membership system"),
                    ("broken", "could not be opened"),
                    ("restored", "erased again after a restore"),
                    ("logged_in", "logged in"),
                    ("login_failed", "log-in failed"),
                    ("logged_out", "logged out"),
                    ("factor_added", "second step set up"),
                    ("factor_removed", "second step taken away"),
                    ("factor_failed", "second step failed"),
                    ("factor_sealed", "second step encrypted anew"),
                    ("codes_made", "recovery codes made"),
                    ("code_used", "recovery code used"),
                    ("password", "password set"),
                    ("invited", "invitation sent"),
                    ("user_made", "user made"),
                    ("user_changed", "user changed"),
                    ("user_off", "user switched off"),
                    ("user_on", "user switched on"),
                    ("user_deleted", "user deleted"),
                    ("superuser_made", "made superuser"),
                    ("superuser_taken", "no longer superuser"),
                    ("role_asked", "role proposed"),
                    ("role_refused", "proposed role refused"),
                    ("role_confirmed", "proposed role confirmed"),
                    ("role_given", "role given"),
                    ("role_taken", "role taken away"),
                    ("right_given", "right given"),
                    ("right_taken", "right taken away"),
                    ("group_made", "group made"),
                    ("group_changed", "rights of a group changed"),
                    ("group_deleted", "group deleted"),
                    ("network", "shared network changed"),
                ],
                max_length=15,
                verbose_name="what",
            ),
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
    ]
