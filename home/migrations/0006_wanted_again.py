"""A size that could not be made is tried again."""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("home", "0013_switched_off")]
    operations = [
        migrations.AddField("wantedrendition", "failed", models.PositiveSmallIntegerField(db_default=0)),
        migrations.AddField("wantedrendition", "due_at", models.DateTimeField(db_default=Now())),
    ]
