"""Administrators are told of each change of rights, and of what looks like somebody trying keys."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.utils import timezone

from actions.accounts import watch
from actions.signing import audit
from actions.signing.models import Alarm, AuditRecord
from actions.web.alarm_mail import send_waiting_of_accounts

pytestmark = pytest.mark.django_db


@pytest.fixture
def inside(staff, client, locales):
    """The superuser, who has logged in."""
    client.force_login(staff)
    return staff


@pytest.fixture
def administrator(django_user_model, inside):
    user = django_user_model.objects.create_user("adm", "adm@example.org")
    user.groups.add(Group.objects.get(name="Administrator"))
    _seen()
    return user


def _seen() -> None:
    watch.look(timezone.now())
    Alarm.objects.update(mailed_at=timezone.now())


def _later():
    """A moment that includes what was done in this transaction."""
    return timezone.now() + timedelta(seconds=1)


def new() -> list[str]:
    return [alarm.kind for alarm in watch.look(_later())]


@pytest.mark.django_db(transaction=True)
class TestRights:
    """Each statement has its own time, as on the site."""

    def test_a_new_superuser_is_told_once_to_every_administrator(self, administrator, django_user_model, mailoutbox):
        """Seen to fail before: nobody was told."""
        chief = django_user_model.objects.create_superuser("chief", "chief@example.org", "x")
        assert new() == ["superuser"]
        assert new() == []
        assert send_waiting_of_accounts() == 3
        assert send_waiting_of_accounts() == 0
        assert [message.to[0] for message in mailoutbox] == [
            "staff@example.org", "adm@example.org", "chief@example.org"
        ]  # fmt: skip
        assert "chief" in mailoutbox[0].body
        assert chief.username in watch.words(Alarm.objects.get(kind="superuser"))

    def test_a_change_of_rights_is_told_to_whom_it_concerns_too(self, administrator, django_user_model, mailoutbox):
        user = django_user_model.objects.create_user("kari", "kari@example.org", is_active=False)
        user.groups.add(Group.objects.get(name="Editor"))
        Group.objects.get(name="Editor").permissions.clear()
        assert set(new()) == {"rights"}
        send_waiting_of_accounts()
        of_kari = [message for message in mailoutbox if message.to == ["kari@example.org"]]
        assert len(of_kari) == 1
        assert "Redigering" in of_kari[0].body
        assert "−" not in of_kari[0].body  # the rights of the group are the administrators' affair

    def test_before_anybody_has_logged_in_there_is_nobody_to_tell(self, django_user_model, locales):
        assert not AuditRecord.objects.filter(verb="logged_in").exists()
        django_user_model.objects.create_superuser("first", "first@example.org", "x")
        assert new() == []

    def test_a_factor_taken_away(self, administrator):
        Authenticator.objects.create(user=administrator, type="totp", data={"secret": "x"}).delete()
        assert new() == ["factor"]


@pytest.mark.parametrize(("number", "alarms"), [(9, 0), (10, 1)])
def test_many_failed_log_ins_at_one_account(inside, number, alarms):
    for _ in range(number):
        audit.record(audit.Verb.LOGIN_FAILED, by=audit.NOBODY, account=inside.pk)
    assert len(watch.look(timezone.now())) == alarms
    assert watch.look(timezone.now()) == []


@pytest.mark.parametrize(("number", "alarms"), [(49, 0), (50, 1)])
def test_many_failed_log_ins_at_names_that_nobody_has(number, alarms):
    for _ in range(number):
        audit.record(audit.Verb.LOGIN_FAILED, by=audit.NOBODY)
    (*found,) = watch.look(timezone.now())
    assert [alarm.kind for alarm in found] == ["logins"] * alarms
