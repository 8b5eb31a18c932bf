"""An index for the codes that nobody typed: there are few of them among all mails."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("actions", "0007_high_risk_confirms")]

    operations = [
        AddIndexConcurrently(
            "outboxmail",
            models.Index(fields=["sent_at"], name="codes_sent", condition=models.Q(kind="code")),
        ),
    ]
