"""The review desk says which signature is which, and leads to the names for those who may open them."""

import pytest
from django.contrib.auth.models import Group, Permission

from actions.signing.models import AuditRecord, Hold
from tests.backoffice.petition.screens import at, text

pytestmark = pytest.mark.django_db


def test_each_held_signature_has_its_number(staff_client, petition):
    """Found by somebody who tried it: time, reason and network alone stood there, the same for all of one hour."""
    body = text(staff_client.get(at(petition, "review")))
    for hold in Hold.objects.all():
        assert f"<code>{hold.pk}</code>" in body
    assert "Nordmann" not in body
    assert not AuditRecord.objects.about_signers().exists()


def test_names_are_opened_with_a_purpose_and_one_record(staff_client, petition):
    assert "Nordmann" not in text(staff_client.post(at(petition, "review"), {"open": "", "names-purpose": ""}))
    answer = staff_client.post(at(petition, "review"), {"open": "", "names-purpose": "case 7"})
    assert "Kari Nordmann" in text(answer)
    assert "no-store" in answer["Cache-Control"]
    records = AuditRecord.objects.about_signers().values_list("verb", "number", "purpose")
    assert list(records) == [("opened", 1, "case 7")]


def test_who_may_not_open_signers_opens_none(client, petition, django_user_model):
    group = Group.objects.create(name="Reviewers")
    names = ("add_reviewrule", "access_admin")
    group.permissions.set(Permission.objects.filter(codename__in=names))
    user = django_user_model.objects.create_user("reviewer", "r@example.org", "a long password here")
    user.groups.add(group)
    client.force_login(user)
    assert 'name="open"' not in text(client.get(at(petition, "review")))
    assert client.post(at(petition, "review"), {"open": "", "names-purpose": "x"}).status_code in (302, 403)
    assert not AuditRecord.objects.about_signers().exists()
