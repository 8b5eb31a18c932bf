"""What is asked of the audit trail by verb, every few minutes, for alarms."""

from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # an index that is made concurrently cannot be part of a transaction
    dependencies = [("actions", "0014_accounts_in_the_trail")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    [
                        "drop index concurrently if exists audit_by_verb",  # one that was given up half made
                        "create index concurrently audit_by_verb on actions_auditrecord (verb, at) "
                        "where not (verb = 'mailed')",
                    ],
                    "drop index concurrently if exists audit_by_verb",
                )
            ],
            state_operations=[
                migrations.AddIndex(
                    "auditrecord",
                    models.Index(
                        condition=models.Q(("verb", "mailed"), _negated=True),
                        fields=["verb", "at"],
                        name="audit_by_verb",
                    ),
                ),
            ],
        ),
    ]
