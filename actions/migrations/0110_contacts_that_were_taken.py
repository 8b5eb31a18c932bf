from django.db import migrations, models


class Migration(migrations.Migration):
    """Whether the membership system knows of a contact; of those of before it is taken that it does."""

    dependencies = [("actions", "0100_promises_hold")]

    operations = [
        migrations.AddField("membercontact", "tried_at", models.DateTimeField(null=True)),
        migrations.AddField("membercontact", "taken_at", models.DateTimeField(null=True)),
        migrations.AddField("membernotice", "ended_action", models.UUIDField(null=True)),
        migrations.RunSQL(
            "update actions_membercontact set tried_at = now(), taken_at = now()", migrations.RunSQL.noop, elidable=True
        ),
    ]
