"""Users and groups in the admin: nobody gives what he has not, nor himself more, and nobody sets another's password.

As an Administrator of docs/editors.md, who is no superuser.
"""

import re
import time
from importlib import import_module
from urllib.parse import urlencode

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, Page

from actions.accounts import rights, roles
from actions.accounts.models import ProposedRole
from actions.backoffice import invitations
from actions.signing.models import AuditRecord

pytestmark = pytest.mark.django_db
PASSWORD = "a long password here"


@pytest.fixture(autouse=True)
def _roles(locales):
    import_module("actions.migrations._roles").make(apps)


@pytest.fixture
def member(django_user_model):
    """Somebody in groups: `member("kari", "Editor")`."""

    def make(name: str, *groups: str, **fields):
        user = django_user_model.objects.create_user(
            name, f"{name}@example.org", PASSWORD, first_name=name.title(), last_name="Olsen", **fields
        )
        user.groups.set(Group.objects.filter(name__in=groups))
        return user

    return make


@pytest.fixture
def administrator(member):
    return member("adm", "Administrator")


def as_user(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def adm(administrator):
    return as_user(administrator)


def fields(user, **changed) -> dict:
    """What the form of a user sends."""
    typed = {
        "username": user.username,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "groups": [group.pk for group in user.groups.all()],
    }
    if user.is_active:
        typed["is_active"] = "on"
    if user.is_superuser:
        typed["is_superuser"] = "on"
    return typed | changed


def save(client, user, **changed):
    return client.post(reverse("wagtailusers_users:edit", args=[user.pk]), fields(user, **changed))


def new(client, name="new", **changed):
    typed = {"username": name, "email": f"{name}@example.org", "first_name": "New", "last_name": "One", "groups": []}
    return client.post(reverse("wagtailusers_users:add"), typed | changed)


def group(name: str) -> Group:
    return Group.objects.get(name=name)


def in_bulk(client, action: str, *users, **typed):
    address = reverse("wagtail_bulk_action", args=["home", "user", action])
    return client.post(f"{address}?{urlencode([('id', user.pk) for user in users])}", typed)


def names(user) -> set[str]:
    return set(user.groups.values_list("name", flat=True))


class TestSuperusers:
    def test_are_not_made_by_an_administrator(self, adm, django_user_model):
        """Seen to fail before: one click."""
        new(adm, is_superuser="on")
        assert not django_user_model.objects.get(username="new").is_superuser

    def test_nor_out_of_a_user_who_is_there(self, adm, member):
        user = member("kari", "Editor")
        save(adm, user, is_superuser="on")
        user.refresh_from_db()
        assert not user.is_superuser

    def test_are_closed_to_an_administrator(self, adm, staff):
        """Seen to fail before: taken over and demoted by one POST."""
        before = type(staff).objects.values().get(pk=staff.pk)
        answer = adm.get(reverse("wagtailusers_users:edit", args=[staff.pk]))
        assert answer.status_code == 302
        typed = fields(staff, email="adm@evil.example", password1="another long one 1", password2="another long one 1")
        del typed["is_superuser"]
        adm.post(reverse("wagtailusers_users:edit", args=[staff.pk]), typed)
        adm.post(reverse("wagtailusers_users:delete", args=[staff.pk]))
        adm.post(reverse("wagtailusers_users:invite", args=[staff.pk]))
        assert type(staff).objects.values().get(pk=staff.pk) == before
        assert not mail.outbox

    @pytest.mark.parametrize(
        ("action", "typed"), [("set_active_state", {"mark_as_active": "False"}), ("delete", {}), ("assign_role", {})]
    )
    def test_are_closed_to_many_at_once(self, adm, staff, action, typed):
        """Seen to fail before: switched off by “set active state”."""
        if action == "assign_role":
            typed = {"role": group("Editor").pk}
        in_bulk(adm, action, staff, **typed)
        staff.refresh_from_db()
        assert staff.is_active
        assert names(staff) == set()

    def test_are_made_and_unmade_by_superusers(self, staff_client, member, django_user_model):
        """The second one at once: there is nobody else who could confirm it."""
        new(staff_client, is_superuser="on")
        second = django_user_model.objects.get(username="new")
        assert second.is_superuser
        save(staff_client, second, is_superuser="")
        second.refresh_from_db()
        assert not second.is_superuser

    def test_a_third_one_takes_two(self, staff_client, member):
        second, third = member("second", is_superuser=True), member("third")
        save(staff_client, third, is_superuser="on")
        third.refresh_from_db()
        assert not third.is_superuser
        as_user(second).post(decide(ProposedRole.objects.get()), {"confirm": ""})
        third.refresh_from_db()
        assert third.is_superuser

    def test_nobody_confirms_one_who_is_none_himself(self, staff_client, adm, member):
        member("second", is_superuser=True)
        third = member("third")
        save(staff_client, third, is_superuser="on")
        adm.post(decide(ProposedRole.objects.get()), {"confirm": ""})
        third.refresh_from_db()
        assert not third.is_superuser


def decide(proposal: ProposedRole) -> str:
    return reverse("proposed_role:decide", args=[proposal.pk])


class TestRoles:
    def test_nobody_changes_his_own(self, adm, administrator):
        """Seen to fail before: an administrator put himself into every group."""
        everything = list(Group.objects.values_list("pk", flat=True))
        assert save(adm, administrator, groups=everything, is_superuser="on").status_code == 302
        in_bulk(adm, "assign_role", administrator, role=group("Data-protection officer").pk)
        administrator.refresh_from_db()
        assert names(administrator) == {"Administrator"}
        assert not administrator.is_superuser
        assert not ProposedRole.objects.exists()

    @pytest.mark.parametrize("name", ["Editor", "Publisher", "Translator"])
    def test_those_that_open_no_signers_are_given_at_once(self, adm, member, name):
        user = member("kari")
        save(adm, user, groups=[group(name).pk])
        assert names(user) == {name}
        save(adm, user, groups=[])
        assert names(user) == set()

    def test_one_that_has_more_than_who_gives_it_is_refused(self, adm, member):
        """Seen to fail before."""
        user = member("kari", "Editor")
        answer = save(adm, user, groups=[group("Data-protection officer").pk])
        assert answer.status_code == 200
        assert "groups" in answer.context["form"].errors
        in_bulk(adm, "assign_role", user, role=group("Data-protection officer").pk)
        assert names(user) == {"Editor"}
        assert not ProposedRole.objects.exists()

    def test_whoever_has_more_is_closed(self, adm, member):
        """His address changed, a link to a new password would lead somewhere else."""
        officer = member("dpo", "Data-protection officer")
        for answer in (save(adm, officer, email="adm@evil.example"),
                       adm.post(reverse("wagtailusers_users:delete", args=[officer.pk])),
                       adm.post(reverse("wagtailusers_users:invite", args=[officer.pk]))):  # fmt: skip
            assert answer.status_code == 302
        in_bulk(adm, "set_active_state", officer, mark_as_active="False")
        officer.refresh_from_db()
        assert (officer.email, officer.is_active) == ("dpo@example.org", True)

    def test_switched_off_he_stays_closed(self, adm, member):
        officer = member("dpo", "Data-protection officer", is_active=False)
        in_bulk(adm, "set_active_state", officer, mark_as_active="True")
        save(adm, officer, is_active="on")
        officer.refresh_from_db()
        assert not officer.is_active

    @pytest.mark.parametrize("way", ["form", "bulk", "new"])
    def test_one_that_opens_signers_takes_two(self, adm, administrator, member, django_user_model, way):
        officer = group("Signature officer")
        if way == "new":
            answer = new(adm, name="kari", groups=[officer.pk])
            user = django_user_model.objects.get(username="kari")
        else:
            user = member("kari")
            if way == "form":
                answer = save(adm, user, groups=[officer.pk])
            else:
                answer = in_bulk(adm, "assign_role", user, role=officer.pk)
        assert answer.status_code == 302
        assert names(user) == set()
        proposal = ProposedRole.objects.get()
        assert adm.post(decide(proposal), {"confirm": ""}).status_code == 302  # not by who proposed it
        assert names(user) == set()
        other = as_user(member("second", "Administrator"))
        assert "Bekreft" in other.get(reverse("proposed_role:index")).content.decode()
        other.post(decide(proposal), {"confirm": ""})
        assert names(user) == {"Signature officer"}
        verbs = AuditRecord.objects.filter(account_id=user.pk, verb__startswith="role_").order_by("id")
        assert [record.verb for record in verbs] == ["role_asked", "role_confirmed", "role_given"]

    def test_not_by_whom_it_is_for(self, adm, member):
        user = member("kari")
        user.user_permissions.set(Permission.objects.filter(group__name="Administrator"))
        save(adm, user, groups=[group("Administrator").pk])
        as_user(user).post(decide(ProposedRole.objects.get()), {"confirm": ""})
        assert names(user) == set()

    def test_refused_or_taken_back_it_is_not_given(self, adm, member):
        user, second = member("kari"), as_user(member("second", "Administrator"))
        for client in (second, adm):
            save(adm, user, groups=[group("Signature officer").pk])
            client.post(decide(ProposedRole.objects.get(decided_at=None)), {"refuse": ""})
        assert names(user) == set()
        assert not ProposedRole.objects.filter(decided_at=None).exists()
        second.post(decide(ProposedRole.objects.first()), {"confirm": ""})  # too late
        assert names(user) == set()

    def test_what_waits_falls_where_the_address_becomes_another(self, adm, member):
        user, second = member("kari"), as_user(member("second", "Administrator"))
        save(adm, user, groups=[group("Signature officer").pk])
        proposal = ProposedRole.objects.get()
        save(adm, user, email="adm@evil.example")
        second.post(decide(proposal), {"confirm": ""})
        assert names(user) == set()

    def test_a_lone_superuser_is_enough_and_it_is_recorded(self, staff_client, member):
        user = member("kari")
        save(staff_client, user, groups=[group("Data-protection officer").pk])
        assert names(user) == {"Data-protection officer"}
        assert AuditRecord.objects.filter(verb="role_given", account_id=user.pk).exists()

    def test_a_superuser_who_is_not_alone_is_not(self, staff_client, member, administrator):
        user = member("kari")
        save(staff_client, user, groups=[group("Signature officer").pk])
        assert names(user) == set()

    def test_what_somebody_proposed_who_is_gone_waits_all_the_same(self, adm, member):
        """Seen to fail: the list broke."""
        proposer = member("gone", "Administrator")
        save(as_user(proposer), member("kari"), groups=[group("Signature officer").pk])
        proposer.delete()
        assert adm.get(reverse("proposed_role:index")).status_code == 200

    def test_others_do_not_see_what_waits(self, member):
        answer = as_user(member("kari", "Publisher")).get(reverse("proposed_role:index"))
        assert answer.status_code in (302, 403)


class TestPasswords:
    def test_nobody_sets_anothers(self, adm, staff_client, member):
        """Seen to fail before, also by superusers."""
        user = member("kari", "Editor")
        for client in (adm, staff_client):
            body = client.get(reverse("wagtailusers_users:edit", args=[user.pk])).content.decode()
            assert "password" not in body
            save(client, user, password1="another long one 1", password2="another long one 1")
        user.refresh_from_db()
        assert user.check_password(PASSWORD)

    def test_a_new_user_is_invited_and_chooses_one(self, adm, django_user_model):
        new(adm, name="kari", groups=[group("Editor").pk])
        user = django_user_model.objects.get(username="kari")
        assert not user.check_password("")
        invitations.send_invitation.call(user.pk)
        (sent,) = mail.outbox
        assert sent.to == ["kari@example.org"]
        (address,) = re.findall(r"http://testserver(/\S+)", sent.body)
        visitor = Client()
        form = visitor.get(address).url
        visitor.post(form, {"new_password1": "my very own words", "new_password2": "my very own words"})
        visitor.post(reverse("account_login"), {"login": "kari", "password": "my very own words"})
        assert visitor.get("/admin/").status_code == 200
        assert Client().get(address).status_code == 200  # a page that says the link is used
        verbs = AuditRecord.objects.filter(account_id=user.pk).order_by("id").values_list("verb", flat=True)
        assert list(verbs) == ["user_made", "role_given", "invited", "password", "logged_in"]

    def test_a_new_invitation(self, adm, member, django_user_model):
        user = member("kari", "Editor")
        address = reverse("wagtailusers_users:invite", args=[user.pk])
        assert address in adm.get(reverse("wagtailusers_users:edit", args=[user.pk])).content.decode()
        assert adm.get(address).status_code == 200
        assert not AuditRecord.objects.filter(verb="invited").exists()
        adm.post(address)
        assert AuditRecord.objects.get(verb="invited").account_id == user.pk

    def test_whoever_is_switched_off_is_not_invited(self, member):
        invitations.send_invitation.call(member("kari", is_active=False).pk)
        assert not mail.outbox


def test_an_address_leads_to_one_user(adm, member):
    """Seen to fail before: a link to a new password went to both."""
    member("kari")
    answer = new(adm, email="KARI@example.org")
    assert "e-postadressen" in str(answer.context["form"].errors["email"])


def test_a_user_name_is_no_address(adm):
    assert "username" in new(adm, name="kari@example").context["form"].errors


@pytest.fixture
def group_keeper(member):
    """Somebody who may change groups, by a group of an organisation's own."""
    keepers = Group.objects.create(name="Group keepers")
    keepers.permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "add_group", "change_group", "delete_group"])
        | Permission.objects.filter(group__name="Editor")
    )
    for codename in ("add_page", "change_page"):
        keepers.page_permissions.create(page=Page.objects.get(depth=1), permission=right(codename))
    return member("keeper", "Group keepers")


def right(codename: str) -> Permission:
    return Permission.objects.get(codename=codename)


EMPTY = ["page_permissions", "collection_permissions", "image_permissions", "document_permissions"]


def group_fields(client, name: str, rights: list[str], **typed) -> dict:
    """What the form of a group sends, with the management forms of whatever panels there are."""
    body = client.get(reverse("wagtailusers_groups:add")).content.decode()
    prefixes = set(re.findall(r'name="([a-z_]+)-TOTAL_FORMS"', body))
    counts = {f"{prefix}-{key}": "0" for prefix in prefixes for key in ("TOTAL_FORMS", "INITIAL_FORMS")}
    permissions = [permission.pk for permission in Permission.objects.filter(codename__in=rights)]
    return {"name": name, "permissions": permissions} | counts | typed


class TestGroups:
    def edit(self, client, edited: Group, rights: list[str], **typed):
        address = reverse("wagtailusers_groups:edit", args=[edited.pk])
        return client.post(address, group_fields(client, edited.name, rights, **typed))

    def test_a_right_one_lacks_is_not_given(self, group_keeper):
        """Seen to fail before."""
        client, other = as_user(group_keeper), Group.objects.create(name="Choir")
        answer = self.edit(client, other, ["change_user"])
        assert "selv" in str(answer.context["form"].non_field_errors())
        assert not other.permissions.exists()
        client.post(reverse("wagtailusers_groups:add"), group_fields(client, "Band", ["change_user"]))
        assert not Group.objects.filter(name="Band").exists()
        self.edit(client, other, ["add_petition"])
        assert other.permissions.get().codename == "add_petition"

    def test_nor_one_on_pages_or_collections(self, group_keeper):
        client, other = as_user(group_keeper), Group.objects.create(name="Choir")
        root, collection = Page.objects.get(depth=1), Collection.objects.get(depth=1)
        on_page = {"page_permissions-TOTAL_FORMS": "1", "page_permissions-0-page": root.pk}
        self.edit(client, other, [], **on_page | {"page_permissions-0-permissions": ["publish_page"]})
        assert not other.page_permissions.exists()
        on_collection = {
            "image_permissions-TOTAL_FORMS": "1",
            "image_permissions-0-collection": collection.pk,
            "image_permissions-0-permissions": [right("add_image").pk],
        }
        self.edit(client, other, [], **on_collection)
        assert not other.collection_permissions.exists()
        self.edit(client, other, [], **on_page | {"page_permissions-0-permissions": ["change_page"]})
        assert other.page_permissions.get().permission.codename == "change_page"

    def test_ones_own_group_stays_as_it_is(self, group_keeper):
        client, own = as_user(group_keeper), group("Group keepers")
        before = own.permissions.count()
        assert self.edit(client, own, ["access_admin"]).status_code == 302
        client.post(reverse("wagtailusers_groups:delete", args=[own.pk]))
        assert group("Group keepers").permissions.count() == before

    def test_a_group_that_has_more_is_closed(self, group_keeper):
        client, officers = as_user(group_keeper), group("Data-protection officer")
        before = officers.permissions.count()
        assert self.edit(client, officers, ["access_admin"]).status_code == 302
        client.post(reverse("wagtailusers_groups:delete", args=[officers.pk]))
        assert group("Data-protection officer").permissions.count() == before

    def test_a_right_that_opens_signers_is_not_slipped_to_people_who_are_in(self, staff_client, member):
        """By superusers too: it takes two persons to let somebody open signers."""
        member("kari", "Editor")
        editors = group("Editor")
        answer = self.edit(staff_client, editors, ["access_admin", "add_delivery"])
        assert "gruppen" in str(answer.context["form"].non_field_errors())
        assert not editors.permissions.filter(codename="add_delivery").exists()
        empty = Group.objects.create(name="New officers")
        self.edit(staff_client, empty, ["add_delivery"])
        assert roles.needs_two(empty)

    def test_an_administrator_does_not_reach_groups(self, adm):
        assert adm.get(reverse("wagtailusers_groups:edit", args=[group("Editor").pk])).status_code in (302, 403)


def test_rights_on_a_place_reach_what_is_below():
    above = rights.Rights(pages=frozenset({("0001", "change_page")}))
    below = rights.Rights(pages=frozenset({("00010001", "change_page")}))
    assert above.cover(below)
    assert not below.cover(above)
    assert not above.cover(rights.Rights(pages=frozenset({("00010001", "publish_page")})))
    assert rights.Rights(everything=True).cover(above)
    assert not above.cover(rights.Rights(everything=True))


SCREENS = [
    ("wagtailusers_users:add", None),
    ("wagtailusers_users:edit", "user"),
    ("wagtailusers_users:delete", "user"),
    ("wagtailusers_users:invite", "user"),
    ("wagtailusers_groups:add", None),
    ("wagtailusers_groups:edit", "group"),
    ("wagtailusers_groups:delete", "group"),
    ("proposed_role:index", None),
    ("bulk", "user"),
]


@pytest.mark.parametrize(("name", "of"), SCREENS)
def test_each_of_these_screens_asks_for_the_second_factor_anew(staff_client, staff, member, name, of):
    """Seen to fail before: none did."""
    Authenticator.objects.create(user=staff, type="totp", data={"secret": "x"})
    session = staff_client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time() - 3600, "type": "totp"}]
    session.save()
    user = member("kari")
    if name == "bulk":
        answer = in_bulk(staff_client, "set_active_state", user, mark_as_active="False")
    else:
        pk = {"user": user.pk, "group": group("Editor").pk}.get(of)
        answer = staff_client.get(reverse(name, args=[pk] if pk else []))
    assert answer.url.startswith(reverse("mfa_reauthenticate"))
    user.refresh_from_db()
    assert user.is_active
