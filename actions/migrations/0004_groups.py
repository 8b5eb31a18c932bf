"""Groups for the roles of staff, with their rights."""

from importlib import import_module

from django.contrib.auth.management import create_permissions
from django.db import migrations

roles = import_module("actions.migrations._roles")


def make_roles(apps, schema_editor):
    # Permissions are otherwise made only after the last migration.
    for config in apps.get_app_configs():
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    roles.make(apps)


class Migration(migrations.Migration):
    replaces = [("actions", "0012_roles"), ("actions", "0014_rights_of_translators")]
    dependencies = [
        ("actions", "0003_articles"),
        ("home", "0001_tables"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailimages", "0027_image_description"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
        ("wagtail_localize", "0016_rename_page_revision_translationlog_revision"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
