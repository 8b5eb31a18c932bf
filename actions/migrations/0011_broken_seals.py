"""Finding at once whether a seal that does not open was named in the audit trail already."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("actions", "0010_quiet_verbs")]
    operations = [
        AddIndexConcurrently(
            "auditrecord",
            models.Index(condition=models.Q(verb="broken"), fields=["signature_id"], name="audit_of_broken_seals"),
        ),
    ]
