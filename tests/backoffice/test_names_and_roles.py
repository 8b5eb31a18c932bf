"""Who of staff did what to whom, in names: in the trail, the alarms, the first page and the mails; and roles in words.

Found by people who tried it: what each of these asks for was not so.
"""

import csv
import io
import re
from importlib import import_module
from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.mail import utils as mail_utils
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, GroupApprovalTask

from actions.accounts import roles, watch
from actions.accounts.models import ProposedRole
from actions.accounts.trail import acting
from actions.backoffice import account_mails, invitations, password_reset, role_mails
from actions.signing import audit
from actions.signing.models import Alarm, AuditRecord
from actions.web import alarm_mail
from tests.factories import PetitionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _roles(locales):
    import_module("actions.migrations._roles").make(apps)


@pytest.fixture
def member(django_user_model):
    def make(name: str, *groups: str, last_name: str = "Olsen", **fields):
        user = django_user_model.objects.create_user(
            name, f"{name}@example.org", "a long password here", first_name=name.title(), last_name=last_name, **fields
        )
        user.groups.set(Group.objects.filter(name__in=groups))
        return user

    return make


@pytest.fixture
def adm(member):
    return member("adm", "Administrator")


def as_user(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user, name: str, *arguments) -> str:
    return as_user(user).get(reverse(name, args=arguments)).content.decode()


def cells(body: str) -> list[list[str]]:
    """The cells of a list, without markup."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", body, re.DOTALL)
    found = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in rows]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in found if len(row) > 4]


class TestTheTrail:
    @pytest.fixture
    def told(self, member, adm):
        kari, form = member("kari", "Editor"), PetitionFactory(name="Stop it")
        audit.record(audit.Verb.ROLE_GIVEN, by=adm, account=kari.pk, purpose="Signature officer")
        audit.record(audit.Verb.LIMITS, by=kari, petition=form.pk, purpose="rush")
        return kari, form

    def test_names_who_did_what_to_whom_and_where(self, adm, told):
        rows = cells(page(adm, "audit:index"))  # the first one tells of this log-in
        assert rows[1][1:] == ["Kari Olsen", "grenser for signering endret", "", "Stop it", "", "1", "rush"]
        assert rows[2][1:] == ["Adm Olsen", "rolle gitt", "Kari Olsen", "", "", "1", "Signaturansvarlig"]

    def test_and_leads_there_whoever_may_go(self, adm, member, told):
        kari, form = told
        to_kari, to_form = reverse("wagtailusers_users:edit", args=[kari.pk]), reverse("petition:desk", args=[form.pk])
        body = page(adm, "audit:index")
        assert to_kari in body
        assert to_form in body
        body = page(member("dora", "Data-protection officer"), "audit:index")
        assert to_kari not in body
        assert to_form in body

    def test_keeps_the_names_of_what_is_deleted_whichever_way(self, adm, told):
        kari, form = told
        kari.delete()
        with connection.cursor() as cursor:
            cursor.execute("delete from actions_petitionsecret where petition_id = %s", [form.pk])
            cursor.execute("delete from actions_petition where id = %s", [form.pk])
        rows = cells(page(adm, "audit:index"))
        assert any(row[1] == "Kari Olsen (slettet)" and row[4] == "Stop it (slettet)" for row in rows)
        assert any(row[3] == "Kari Olsen (slettet)" for row in rows)

    def test_says_so_where_a_name_was_never_kept(self, adm):
        audit.record(audit.Verb.LIMITS, by=SimpleNamespace(pk=987654), petition=876543)
        row = cells(page(adm, "audit:index"))[1]
        assert "987654" in row[1]
        assert "876543" in row[4]

    def test_names_stand_in_the_file_too_beside_the_ids(self, adm, told):
        answer = as_user(adm).get(reverse("audit:index"), {"export": "csv"})
        rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
        assert any("Kari Olsen" in row.values() and "Stop it" in row.values() for row in rows)
        assert any("Adm Olsen" in row.values() and "Signaturansvarlig" in row.values() for row in rows)

    def test_costs_no_more_for_a_long_list(self, adm, told, django_assert_max_num_queries):
        client, (kari, form) = as_user(adm), told
        client.get(reverse("audit:index"))
        with django_assert_max_num_queries(60) as short:
            client.get(reverse("audit:index"))
        for _ in range(30):
            audit.record(audit.Verb.LIMITS, by=kari, petition=form.pk)
        with django_assert_max_num_queries(len(short)):
            client.get(reverse("audit:index"))


class TestAlarms:
    @pytest.fixture
    def raised(self, member, adm):
        for name in ("kari", "ola"):
            subject = "|".join(["role_given", str(adm.pk), str(member(name).pk), "Signature officer"])
            Alarm.objects.create(kind=Alarm.Kind.RIGHTS, subject=subject, number=1, hour=timezone.now())
        form = PetitionFactory(name="Stop it")
        Alarm.objects.create(kind=Alarm.Kind.HOUR, petition=form, number=90, hour=timezone.now())
        Alarm.objects.create(kind=Alarm.Kind.NAMES, subject="kari", number=300, hour=timezone.now())
        return form

    def test_name_people_and_forms(self, adm, raised):
        body = page(adm, "alarm:index")
        which = [row[3] for row in cells(body)]
        assert "rolle gitt (Kari Olsen, Signaturansvarlig), av Adm Olsen" in which
        assert "Kari Olsen" in which
        assert reverse("petition:desk", args=[raised.pk]) in body

    def test_no_two_lines_of_the_first_page_look_alike(self, adm, raised):
        body = page(adm, "wagtailadmin_home")
        lines = re.findall(rf'<a href="{reverse("alarm:index")}">([^<]+)</a>', body)
        assert len(lines) == len(set(lines)) == 4
        assert any("Kari Olsen" in line and "Adm Olsen" in line for line in lines)

    def test_mails_name_them_and_lead_where_the_reader_may_go(self, adm, member, raised, mailoutbox):
        alarm_mail.send_waiting_of_accounts()
        to = {message.to[0]: message.body for message in mailoutbox}
        assert "Kari Olsen, Signaturansvarlig" in to["adm@example.org"]
        assert reverse("alarm:index") in to["adm@example.org"]
        assert "/admin/" not in to["kari@example.org"]
        assert "kontoen din" in to["kari@example.org"]
        assert "Ola" not in to["kari@example.org"]

    def test_a_mail_of_somebody_who_opens_many_names_says_who(self, member, raised, mailoutbox):
        member("dora", "Data-protection officer")
        alarm_mail.send_waiting()
        assert any("Kari Olsen" in message.subject for message in mailoutbox if message.to == ["dora@example.org"])


class TestRoles:
    def test_are_told_in_the_words_of_the_reader(self, adm, member, staff):
        for name, arguments in (
            ("wagtailusers_groups:index", []),
            ("wagtailusers_users:add", []),
            ("wagtailusers_users:edit", [adm.pk]),
        ):
            body = page(staff, name, *arguments)
            assert "Personvernombud" in body, name
            assert "Data-protection officer" not in body, name
            assert "Signature officer" not in body, name

    def test_the_list_of_users_says_who_has_what_and_how_far_somebody_has_come(self, adm, member, staff):
        ola, kari = member("ola", "Publisher", "Translator"), member("kari", last_login=timezone.now())
        TOTP.activate(adm, "JBSWY3DPEHPK3PXP")
        type(adm).objects.filter(pk=adm.pk).update(last_login=timezone.now())
        rows = {row[2]: row for row in cells(page(staff, "wagtailusers_users:index"))}
        assert {"Publisering, Oversetter", "invitert, ikke logget inn ennå"} < set(rows[ola.username])
        assert {"–", "mangler det andre steget"} < set(rows[kari.username])
        assert {"Administrator", "andre steg satt opp"} < set(rows[adm.username])
        assert "Superbruker" in rows[staff.username]

    def test_the_list_of_users_costs_no_more_for_many(self, staff, member, django_assert_max_num_queries):
        client = as_user(staff)
        member("u0", "Editor")
        client.get(reverse("wagtailusers_users:index"))
        with django_assert_max_num_queries(80) as few:
            client.get(reverse("wagtailusers_users:index"))
        for number in range(1, 6):
            member(f"u{number}", "Editor")
        # `may_manage` looks at each user's rights; it did before.
        with django_assert_max_num_queries(len(few) + 5 * 16):
            client.get(reverse("wagtailusers_users:index"))

    def test_wagtails_own_groups_are_gone(self):
        assert set(Group.objects.values_list("name", flat=True)) == set(roles.WORDS) - {"superuser"}

    def test_but_one_that_somebody_is_in_stays_and_what_waits_for_approval_goes_to_publishers(self, member):
        forget = import_module("actions.migrations.0086_groups_of_our_own").forget_theirs
        kept, gone = (Group.objects.create(name=name) for name in ("Editors", "Moderators"))
        member("kari", "Editors")
        task = GroupApprovalTask.objects.create(name="Approval")
        task.groups.add(gone)
        forget(apps, None)
        assert Group.objects.filter(pk=kept.pk).exists()
        assert not Group.objects.filter(pk=gone.pk).exists()
        assert [group.name for group in task.groups.all()] == ["Publisher"]

    def test_no_approval_waits_for_a_group_that_is_not_there(self):
        for task in GroupApprovalTask.objects.all():
            assert [group.name for group in task.groups.all()] == ["Publisher"]

    def test_whoever_administers_says_who_sees_a_collection(self, adm):
        collection = Collection.get_first_root_node().add_child(name="Cases")
        client = as_user(adm)
        assert "Cases" in client.get(reverse("wagtailadmin_collections:index")).content.decode()
        address = reverse("wagtailadmin_collections:set_privacy", args=[collection.pk])
        assert client.post(address, {"restriction_type": "login"}).status_code == 200
        assert CollectionViewRestriction.objects.filter(collection=collection, restriction_type="login").exists()

    @pytest.mark.parametrize("role", ["Editor", "Publisher", "Signature officer"])
    def test_and_nobody_else_does(self, member, role):
        """It was so before; the book says so now."""
        client = as_user(member("kari", role))
        address = reverse("wagtailadmin_collections:set_privacy", args=[Collection.get_first_root_node().pk])
        client.post(address, {"restriction_type": "login"})
        assert not CollectionViewRestriction.objects.exists()

    def test_whoever_is_responsible_is_offered_by_name(self, adm, member):
        member("kari")
        body = page(adm, "petition:add")
        assert "Kari Olsen</option>" in body
        assert ">kari</option>" not in body

    def test_the_screens_of_a_form_name_people(self, adm):
        form = PetitionFactory()
        form.changes.create(by=adm, verb="pause", reason="rest", before={}, after={})
        assert "Adm Olsen" in page(adm, "petition:life", form.pk)


class TestProposing:
    @pytest.fixture
    def asked(self, monkeypatch):
        monkeypatch.setattr(role_mails, "ask_to_decide", SimpleNamespace(enqueue=role_mails.ask_to_decide.func))

    def propose(self, by, name: str = "Signature officer"):
        typed = {"username": "new", "email": "new@example.org", "first_name": "New", "last_name": "One"}
        typed["groups"] = [Group.objects.get(name=name).pk]
        return as_user(by).post(reverse("wagtailusers_users:add"), typed, follow=True).content.decode()

    def test_whoever_may_confirm_is_told_at_once_and_led_there(self, adm, member, asked, mailoutbox):
        member("second", "Administrator")
        member("ola", "Publisher")
        self.propose(adm)
        (mail,) = mailoutbox
        assert mail.to == ["second@example.org"]
        assert "Signaturansvarlig for New One, foreslått av Adm Olsen" in mail.body
        assert reverse("proposed_role:index") in mail.body

    def test_and_finds_it_on_the_first_page(self, adm, member, asked):
        second = member("second", "Administrator")
        self.propose(adm)
        body = page(second, "wagtailadmin_home")
        assert (
            f'<a href="{reverse("proposed_role:index")}">Signaturansvarlig for New One, foreslått av Adm Olsen' in body
        )
        assert "Signaturansvarlig for New One" not in page(adm, "wagtailadmin_home")  # who proposed it does not decide
        assert "Signaturansvarlig" in page(second, "proposed_role:index")

    def test_what_is_decided_meanwhile_is_not_asked_for(self, adm, member, staff, mailoutbox):
        member("second", "Administrator")
        self.propose(adm)
        proposal = ProposedRole.objects.get()
        roles.decide(proposal, confirmed=True, by=staff)
        role_mails.ask_to_decide.func([proposal.pk])
        assert mailoutbox == []

    def test_where_nobody_could_confirm_it_is_said_that_it_holds_at_once(self, staff, mailoutbox):
        body = self.propose(staff)
        assert "Signaturansvarlig: gjelder med en gang" in body
        assert not ProposedRole.objects.exists()

    def test_also_for_many_at_once(self, staff, member):
        kari = member("kari")
        address = reverse("wagtail_bulk_action", args=["home", "user", "assign_role"])
        typed = {"role": Group.objects.get(name="Signature officer").pk}
        body = as_user(staff).post(f"{address}?id={kari.pk}&next=/admin/users/", typed, follow=True).content.decode()
        assert "Signaturansvarlig: gjelder med en gang" in body
        assert "1 bruker har rollen Signaturansvarlig." in body

    def test_what_one_person_may_give_alone_says_nothing_of_it(self, staff):
        """It was so before."""
        assert "gjelder med en gang" not in self.propose(staff, "Editor")


def test_no_mail_to_staff_names_the_machine_that_sends_it(staff, member, monkeypatch, mailoutbox):
    """Its Message-ID had the name of the host."""
    monkeypatch.setattr(mail_utils.DNS_NAME, "_fqdn", "machine.inside.example", raising=False)
    monkeypatch.setattr("django.core.mail.message.DNS_NAME", "machine.inside.example")
    kari, form = member("kari", "Administrator"), PetitionFactory(name="Stop it", responsible=staff)
    account_mails.mail.func(kari.pk, account_mails.PASSWORD, kari.email, timezone.now().isoformat())
    invitations.send_invitation.func(kari.pk)
    password_reset.send_links.func([kari.pk])
    proposal = ProposedRole.objects.create(user=member("ola"), group=None, asked_by=None)
    role_mails.ask_to_decide.func([proposal.pk])
    subject = "|".join(["role_given", str(staff.pk), str(kari.pk), "Editor"])
    Alarm.objects.create(kind=Alarm.Kind.RIGHTS, subject=subject, number=1, hour=timezone.now())
    Alarm.objects.create(kind=Alarm.Kind.HOUR, petition=form, number=90, hour=timezone.now())
    alarm_mail.send_waiting_of_accounts()
    alarm_mail.send_waiting()
    assert len(mailoutbox) >= 6
    for message in mailoutbox:
        assert "machine.inside" not in message.message().as_string(), message.subject


def test_mails_to_staff_go_out_in_one_place():
    """The others make what goes to signers, of which numbers of its own are kept."""
    from pathlib import Path

    root = Path(__file__).resolve().parent.parent.parent
    makes = re.compile(r"\bMail\(|EmailM\w+\(")
    found = {str(path.relative_to(root)) for path in (root / "actions").rglob("*.py") if makes.search(path.read_text())}
    signers = {"actions/pages/update_mail.py", "actions/web/mail.py", "actions/web/reminder_mail.py"}
    assert found == {"actions/pages/staff_mail.py", *signers}


@pytest.mark.django_db(transaction=True)
def test_factors_that_are_encrypted_anew_are_told_of_as_that(staff, settings):
    """Found by somebody who tried it: "recovery code used" and "second step set up", of everybody."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from django.core.management import call_command

    settings.SECRET_KEY = "the key before"
    TOTP.activate(staff, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(staff)
    before = AuditRecord.objects.latest("pk").pk
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the key of now", ["the key before"]
    call_command("seal_factors")
    told = AuditRecord.objects.filter(pk__gt=before).order_by("pk")
    assert [(record.verb, record.actor, record.account_id) for record in told] == [
        ("factor_sealed", "command", staff.pk)
    ] * 2
    with acting(staff.pk):  # and what is done afterwards is told as before
        RecoveryCodes(staff.authenticator_set.get(type="recovery_codes")).validate_code(
            RecoveryCodes(staff.authenticator_set.get(type="recovery_codes")).get_unused_codes()[0]
        )
    assert AuditRecord.objects.latest("pk").verb == "code_used"
    assert watch.look(timezone.now()) == []
