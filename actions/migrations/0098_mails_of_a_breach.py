"""A mail may be one of a breach. While people sign: nothing is scanned under a lock, the index is made concurrently."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

ONCE = "one_mail_per_incident_and_signature"
KINDS = models.CheckConstraint(
    condition=models.Q(kind="update", mailing__isnull=False, incident=None)
    | models.Q(kind="update", mailing=None, incident__isnull=False)
    | (~models.Q(kind="update") & models.Q(mailing=None, incident=None)),
    name="mail_of_a_mailing_is_an_update",
)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("actions", "0097_the_officer_sees")]
    operations = [
        migrations.AddField(
            "outboxmail",
            "incident",
            models.ForeignKey(
                null=True,
                db_index=False,
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="actions.incident",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddConstraint(
                    "outboxmail",
                    models.UniqueConstraint(
                        fields=["incident", "signature"],
                        condition=models.Q(incident__isnull=False),
                        name=ONCE,
                    ),
                )
            ],
            database_operations=[
                migrations.RunSQL(
                    f"create unique index concurrently if not exists {ONCE} on actions_outboxmail "
                    "(incident_id, signature_id) where incident_id is not null",
                    f"drop index if exists {ONCE}",
                )
            ],
        ),
        migrations.RemoveConstraint("outboxmail", "mail_of_a_mailing_is_an_update"),
        AddConstraintNotValid("outboxmail", KINDS),
        ValidateConstraint("outboxmail", KINDS.name),
    ]
