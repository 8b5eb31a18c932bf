"""What is asked of the audit trail by verb, every few minutes, for alarms."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # an index that is made concurrently cannot be part of a transaction
    dependencies = [("actions", "0041_accounts_in_the_trail")]
    operations = [
        AddIndexConcurrently(
            "auditrecord",
            models.Index(
                condition=models.Q(("verb", "mailed"), _negated=True), fields=["verb", "at"], name="audit_by_verb"
            ),
        ),
    ]
