"""Who may see how far the translations are."""

from importlib import import_module

from django.contrib.auth.management import create_permissions
from django.db import migrations

roles = import_module("actions.migrations._roles")


def give(apps, schema_editor):
    # Permissions are otherwise made only after the last migration.
    config = apps.get_app_config("actions")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    roles.give(apps, roles.LATER)


class Migration(migrations.Migration):
    dependencies = [("actions", "0013_translating")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
