"""Wagtail's Editors and Moderators go, which stood beside our roles; who administers may set who sees a collection.

A group that somebody is in stays: it is not for a migration to take rights from people. What waits for the approval of
Moderators waits for publishers.
"""

from importlib import import_module

from django.db import migrations

roles = import_module("actions.migrations._roles")
THEIRS = ["Editors", "Moderators"]


def make_roles(apps, schema_editor):
    roles.make(apps)


def forget_theirs(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects
    user = apps.get_model("home", "User")
    task = apps.get_model("wagtailcore", "GroupApprovalTask")
    publishers = groups.filter(name="Publisher").first()
    for group in groups.filter(name__in=THEIRS):
        if user.objects.filter(groups=group).exists():
            continue
        for approval in task.objects.filter(groups=group):
            if publishers is not None:
                approval.groups.add(publishers)
        group.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0085_names_and_sessions"),
        ("wagtailcore", "0098_apitoken"),
    ]
    operations = [
        migrations.RunPython(make_roles, migrations.RunPython.noop),
        migrations.RunPython(forget_theirs, migrations.RunPython.noop),
    ]
