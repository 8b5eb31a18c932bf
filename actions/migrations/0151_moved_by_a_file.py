"""Moves of the public number that signatures from before that day made."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0150_what_is_asked_for"),
    ]

    operations = [
        migrations.AddField(
            model_name="publichour",
            name="earlier",
            field=models.BigIntegerField(db_default=0),
        ),
    ]
