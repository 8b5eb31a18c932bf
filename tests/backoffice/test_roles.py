"""The roles of staff (G8): what each may do, and that translators get their languages and no other page."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.urls import reverse

from tests.factories import PetitionFactory, action, translate

pytestmark = pytest.mark.django_db
roles = import_module("actions.migrations._roles")


@pytest.fixture
def member(locales, django_user_model):
    """Somebody of staff in one group: `member("Editor")`."""
    roles.make(apps)

    def of(name: str):
        user = django_user_model.objects.create_user(name, password="a long password here")
        user.groups.add(Group.objects.get(name=name))
        return user

    return of


# Who may do the things that can harm people or hand their names over.
MAY = {
    "actions.view_signature": {"Signature officer", "Data-protection officer", "Administrator"},
    "actions.open_signer": {"Signature officer", "Data-protection officer", "Administrator"},
    "actions.export_signature": {"Signature officer", "Administrator"},
    "actions.add_reviewrule": {"Signature officer", "Administrator"},
    "actions.change_listedaddress": {"Signature officer", "Data-protection officer", "Administrator"},
    "actions.delete_signer": {"Data-protection officer"},
    "actions.add_delivery": {"Signature officer", "Administrator"},
    "actions.close_petition": {"Publisher", "Administrator"},
    "actions.send_mailing": {"Publisher", "Administrator"},
    "actions.view_auditrecord": {"Data-protection officer", "Administrator"},
}


@pytest.mark.parametrize("right", MAY)
def test_dangerous_rights_are_apart(right, member):
    """Seen to fail with the right to erase given to administrators."""
    assert {name for name in roles.ROLES if member(name).has_perm(right)} == MAY[right]


def test_making_the_groups_again_takes_nothing_away(member):
    member("Editor")
    group = Group.objects.get(name="Editor")
    before = group.permissions.count()
    group.permissions.remove(group.permissions.first())
    roles.make(apps)
    assert group.permissions.count() == before
    assert Group.objects.filter(name="Editor").count() == 1


def test_translators_change_pages_in_their_languages_and_no_page_written_first(site, member):
    """Seen to fail without the signal of the home page."""
    translator, editor, publisher = member("Translator"), member("Editor"), member("Publisher")
    source = action(site, PetitionFactory())
    for page in (site.home, site.index):
        translate(page, "en")
    target = translate(source, "en")
    rights = target.permissions_for_user(translator)
    assert rights.can_edit()
    assert rights.can_publish()
    assert not source.permissions_for_user(translator).can_edit()
    assert not source.permissions_for_user(translator).can_publish()
    assert editor.has_perm("actions.change_petition")
    assert not translator.has_perm("actions.change_petition")
    assert not source.permissions_for_user(editor).can_publish()
    assert source.permissions_for_user(publisher).can_publish()


@pytest.mark.parametrize("name", ["delete", "unpublish"])
def test_translators_take_no_page_away(site, member, client, name):
    """Seen to fail without the hooks: Wagtail lets everybody delete what he may publish."""
    translator = member("Translator")
    source = action(site, PetitionFactory())
    for page in (site.home, site.index):
        translate(page, "en")
    target = translate(source, "en")
    type(target).objects.filter(pk=target.pk).update(live=True)
    client.force_login(translator)
    answer = client.post(reverse(f"wagtailadmin_pages:{name}", args=[target.pk]))
    assert answer.status_code in (302, 403)
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", name])
    client.post(f"{bulk}?id={target.pk}")
    target.refresh_from_db()
    assert target.live
    client.force_login(member("Administrator"))
    client.post(reverse(f"wagtailadmin_pages:{name}", args=[target.pk]))
    assert not type(target).objects.filter(pk=target.pk, live=True).exists()
