"""What one person of staff did lately is counted often; the index is made without a lock, for the trail grows always."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("actions", "0016_opened_names")]
    operations = [
        AddIndexConcurrently(
            "auditrecord",
            models.Index(fields=["actor_id", "at"], name="audit_of_a_person", condition=models.Q(actor="staff")),
        )
    ]
