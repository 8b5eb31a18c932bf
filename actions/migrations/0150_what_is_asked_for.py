"""The form's heading says what is asked for: the words beside its field."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0136_names_that_are_shown"),
    ]

    operations = [
        migrations.AlterField(
            model_name="actionpage",
            name="form_heading",
            field=models.CharField(
                blank=True,
                help_text=(
                    "What you ask for, as in “Demand that the executions stop”. Empty: “Will you sign too?”."
                ),
                max_length=80,
                verbose_name="heading of the form",
            ),
        ),
    ]
