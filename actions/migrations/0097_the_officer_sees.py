"""The data-protection officer may see what she answers for: organisation, users and their roles, exports, words."""

from importlib import import_module

from django.db import migrations

roles = import_module("actions.migrations._roles")


def give(apps, schema_editor):
    group = apps.get_model("auth", "Group").objects.filter(name="Data-protection officer").first()
    if group is not None:
        group.permissions.add(*roles._permissions(apps, roles.OVERSEE))


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0096_touched_go_with_the_signer"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
