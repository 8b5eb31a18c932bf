"""A database that was made with Django's user model becomes one with the project's: same table, same rows."""

from io import StringIO

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

# What such a database has in place of what the first of our migrations makes now.
BEFORE = """
    delete from django_migrations where (app, name) = ('home', '0000_user');
    update django_content_type set app_label = 'auth' where app_label = 'home' and model = 'user';
    alter table auth_user_groups alter column id type integer;
    alter sequence auth_user_groups_id_seq as integer;
    alter table auth_user_user_permissions alter column id type integer;
    alter sequence auth_user_user_permissions_id_seq as integer;
"""


@pytest.fixture
def older(django_user_model):
    """A user with a role and a right, in a database as the version before left it."""
    call_command("migrate", "home", "0004", verbosity=0)  # and what came later and stands on it
    user = django_user_model(pk=add("kari", "kari@example.org", make_password("a long password here")))
    user._state.db = "default"  # read from there it would ask for columns of now
    user.groups.add(Group.objects.get(name="Administrator"))
    user.user_permissions.add(Permission.objects.get(codename="view_user"))
    with connection.cursor() as cursor:
        cursor.execute(BEFORE)
    ContentType.objects.clear_cache()
    return user


def add(name: str, email: str = "", password: str = "") -> int:
    """Make a user as the version before does, which knows fewer columns; returns its id."""
    (((pk,),),) = rows(
        "insert into auth_user (username, email, password, is_superuser, is_staff, is_active, first_name, last_name, "
        f"date_joined) values ('{name}', '{email}', '{password}', false, false, true, '', '', now()) returning id"
    )
    return pk


def migrate(*options: str) -> str:
    told = StringIO()
    call_command("migrate", *options, stdout=told, no_color=True)
    return told.getvalue()


def rows(*statements: str) -> list:
    with connection.cursor() as cursor:
        found = []
        for statement in statements:
            cursor.execute(statement)
            found.append(cursor.fetchall())
    return found


EVERYTHING = (
    "select id, password, last_login, is_superuser, username, first_name, last_name, email, is_staff, is_active, "
    "date_joined from auth_user order by id",
    "select * from auth_user_groups order by id",
    "select * from auth_user_user_permissions order by id",
    "select id, content_type_id, codename from auth_permission order by id",
    "select id, model from django_content_type order by id",
)


def test_users_are_handed_over_as_they_are(older, django_user_model):
    """Seen to fail with Django's own command: InconsistentMigrationHistory."""
    before = rows(*EVERYTHING)
    assert "0005_user_address... OK" in migrate()
    assert rows(*EVERYTHING) == before
    user = django_user_model.objects.get(pk=older.pk)
    assert user.has_perm("home.change_user")
    assert user.has_perm("home.view_user")
    assert user.check_password("a long password here")
    assert "No migrations to apply" in migrate()


def test_who_only_looks_changes_nothing(older):
    assert "home.0005_user_address" in migrate("--plan")
    with pytest.raises(SystemExit):
        migrate("--check")
    assert rows("select count(*) from django_migrations where (app, name) = ('home', '0000_user')") == [[(0,)]]


def test_two_users_of_one_address_are_told_before_anything_changes(older, django_user_model):
    other = add("kari2", "Kari@Example.org")
    before = rows(*EVERYTHING)
    with pytest.raises(CommandError, match=f"{older.pk}, {other}"):
        migrate()
    assert rows(*EVERYTHING) == before
    django_user_model.objects.filter(pk=other).update(email="kari2@example.org")
    assert "0005_user_address... OK" in migrate()


def test_users_without_an_address_stand_beside_each_other(older):
    for name in ("a", "b"):
        add(name)
    assert "0005_user_address... OK" in migrate()
