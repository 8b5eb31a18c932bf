"""An index for attempts that wait for a code: there are few of them among all signatures."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("actions", "0080_proved_mailboxes")]

    operations = [
        AddIndexConcurrently(
            "signature",
            models.Index(
                fields=["petition", "claim"], name="attempts_of_an_address", condition=models.Q(("claim", None), _negated=True)
            ),
        ),
    ]
