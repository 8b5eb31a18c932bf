"""What is counted while staff log in lies in the database, for all processes together."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0007_consent_to_other_work"),
    ]

    operations = [
        migrations.CreateModel(
            name="LogInState",
            fields=[
                ("name", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("value", models.JSONField()),
                ("expires", models.FloatField(db_index=True)),
            ],
            options={"verbose_name": "log-in state", "verbose_name_plural": "log-in states"},
        ),
    ]
