"""The e-mail address of a user is the user's alone; user names are no addresses."""

import django.contrib.auth.validators
import django.core.validators
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # an index that is made concurrently cannot be part of a transaction
    dependencies = [
        ("home", "0004_pictures_of_pages"),
    ]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="email",
            field=models.EmailField(max_length=254, verbose_name="e-mail address"),
        ),
        migrations.AlterField(
            model_name="user",
            name="username",
            field=models.CharField(
                error_messages={"unique": "There is a user of this name already."},
                help_text=(
                    "A short name to log in with, such as “kari”. It stands beside what the person does."
                ),
                max_length=150,
                unique=True,
                validators=[
                    django.contrib.auth.validators.UnicodeUsernameValidator(),
                    django.core.validators.RegexValidator(
                        "@", "A user name is no e-mail address. Leave out the @.", inverse_match=True
                    ),
                ],
                verbose_name="user name",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    [
                        "drop index concurrently if exists one_user_per_email",  # one that was given up half made
                        "create unique index concurrently one_user_per_email on auth_user (lower(email)) "
                        "where not (email = '')",
                    ],
                    "drop index concurrently if exists one_user_per_email",
                )
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="user",
                    constraint=models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("email", ""), _negated=True),
                        name="one_user_per_email",
                        violation_error_message="Another user has this e-mail address.",
                    ),
                ),
            ],
        ),
    ]
