"""When somebody was switched off, so that sessions of before stay ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0010_log_in_state"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="switched_off_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="switched off"),
        ),
    ]
