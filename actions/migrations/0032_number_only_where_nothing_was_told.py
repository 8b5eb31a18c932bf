"""Of who signed before, only the number is handed over: no form said to whom, to which country and what of them."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("actions", "0031_hand_over_verbs")]
    operations = [
        migrations.RunSQL(
            "update actions_signer set hand_over_name = false where hand_over_name and hand_over_notice_id is null",
            migrations.RunSQL.noop,
        ),
        AddConstraintNotValid(
            model_name="signer",
            constraint=models.CheckConstraint(
                condition=models.Q(hand_over_name=False) | models.Q(hand_over_notice__isnull=False),
                name="names_are_handed_over_as_told",
            ),
        ),
    ]
