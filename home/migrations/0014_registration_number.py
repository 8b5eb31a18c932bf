"""The organisation's number in the register, which stands below each form."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0006_wanted_again"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="registration_number",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="As it stands in the register, such as “000 000 000”. Shown below each form. Empty: left out.",
                max_length=40,
                verbose_name="organisation number",
            ),
        ),
    ]
