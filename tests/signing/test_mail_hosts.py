"""Which hosts have most held signatures, and the signatures of one host: found by opening, recorded and limited."""

import pytest

from actions.signing import mail_hosts, on_request, opened
from actions.signing.models import AuditRecord, Signature, SigningRules, TouchedSigner
from actions.signing.on_request import Asked
from actions.signing.sign import sign
from tests.factories import PetitionFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def petitions(db):
    first, other = PetitionFactory(), PetitionFactory()
    for number in range(3):
        sign(petition=first, person=person(email=f"x{number}@spam.example"), language="nb", suspicion="network")
    sign(petition=first, person=person(email="y@mail.spam.example"), language="nb")
    sign(petition=other, person=person(email="x0@spam.example"), language="nb", suspicion="pace")
    sign(petition=other, person=person(email="z@example.org"), language="nb", suspicion="trap")
    return first, other


def test_hosts_are_counted_over_all_forms_or_in_one(petitions, staff):
    told = mail_hosts.most_held(by=staff)
    assert [tuple(host) for host in told.found] == [("spam.example", 4), ("example.org", 1)]
    assert (told.looked_at, told.more) == (5, False)
    assert [tuple(host) for host in mail_hosts.most_held(by=staff, petition=petitions[1]).found] == [
        ("example.org", 1),
        ("spam.example", 1),
    ]
    assert {record.purpose for record in AuditRecord.objects.filter(verb="matched")} == {opened.DRY_COUNT}


def test_the_signatures_of_a_host_are_listed(petitions, staff):
    """Held ones of all forms; of one form those of every state, and of the hosts below."""
    told = mail_hosts.signatures_at("Spam.example", by=staff, purpose="a crowd")
    assert len(told.found) == 4
    assert {one.state for one in told.found} == {"held"}
    of_form = mail_hosts.signatures_at("spam.example", by=staff, purpose="a crowd", petition=petitions[0])
    assert sorted(one.state for one in of_form.found) == ["counted", "held", "held", "held"]
    assert mail_hosts.signatures_at("pam.example", by=staff, purpose="x").found == []


def test_what_is_shown_counts_towards_the_hour_and_says_whom_it_was_about(petitions, staff):
    """Seen to fail with the look alone recorded."""
    mail_hosts.signatures_at("spam.example", by=staff, purpose="a crowd")
    record = AuditRecord.objects.get(verb="opened", actor="staff")
    assert (record.number, record.purpose) == (4, "a crowd")
    assert TouchedSigner.objects.filter(record=record.pk).count() == 4
    assert opened.lately(staff) == 5
    SigningRules.objects.update_or_create(pk=1, defaults={"names_per_hour": 6})
    with pytest.raises(opened.TooManyOpened):
        mail_hosts.signatures_at("spam.example", by=staff, purpose="a crowd")


def test_who_is_restricted_is_not_looked_at(petitions, staff):
    ids = list(Signature.objects.filter(state="held", petition=petitions[0]).values_list("pk", flat=True)[:1])
    on_request.restrict(Asked(ids, staff, "x"))
    assert mail_hosts.most_held(by=staff).looked_at == 4


def test_the_newest_are_looked_at_and_it_is_said_that_there_are_more(petitions, staff, monkeypatch):
    monkeypatch.setattr(mail_hosts, "LOOKED_AT", 2)
    told = mail_hosts.most_held(by=staff)
    assert (told.looked_at, told.more) == (2, True)
    monkeypatch.setattr(mail_hosts, "LOOKED_AT", 100)
    monkeypatch.setattr(mail_hosts, "ON_A_PAGE", 1)
    told = mail_hosts.signatures_at("spam.example", by=staff, purpose="x")
    assert (len(told.found), told.more) == (1, True)
