"""Who may change the block and allow lists, and who writes the message of the day."""

from importlib import import_module

from django.contrib.auth.management import create_permissions
from django.db import migrations

roles = import_module("actions.migrations._roles")


def give(apps, schema_editor):
    from django.apps import apps as present

    for label in ("actions", "home"):
        create_permissions(present.get_app_config(label), apps=apps, verbosity=0)
    for name, (rights, _on_pages, _on_library) in roles.ROLES.items():
        if group := apps.get_model("auth", "Group").objects.filter(name=name).first():
            group.permissions.add(*roles._permissions(apps, [right for right in rights if right in roles.NEWER]))


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0167_tags_and_notes"),
        ("home", "0020_site_message"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
