from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("actions", "0032_number_only_where_nothing_was_told")]
    operations = [ValidateConstraint(model_name="signer", name="names_are_handed_over_as_told")]
