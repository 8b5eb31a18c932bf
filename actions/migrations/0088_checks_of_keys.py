"""What the secrets make of a fixed text, so that another one in their place is noticed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("actions", "0086_groups_of_our_own")]
    operations = [
        migrations.CreateModel(
            name="KeyCheck",
            fields=[
                ("name", models.CharField(editable=False, max_length=20, primary_key=True, serialize=False)),
                ("value", models.BinaryField(max_length=32)),
            ],
            options={"verbose_name": "check of a key", "verbose_name_plural": "checks of keys"},
        ),
    ]
