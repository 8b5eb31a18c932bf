"""The data-protection officer may let signatures go to somebody signers were not told of."""

from importlib import import_module

from django.contrib.auth.management import create_permissions
from django.db import migrations

roles = import_module("actions.migrations._roles")


def give(apps, schema_editor):
    from django.apps import apps as present

    create_permissions(present.get_app_config("actions"), apps=apps, verbosity=0)
    group, _made = apps.get_model("auth", "Group").objects.get_or_create(name="Data-protection officer")
    group.permissions.add(*roles._permissions(apps, ["actions.decide_allowedrecipient"]))


class Migration(migrations.Migration):
    dependencies = [("actions", "0033_names_as_told_everywhere"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
