"""R21: each touch of signer data leaves exactly one record, without signer data in it."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from actions.signing import erase, links, names, retention, review
from actions.signing.models import AuditRecord, Petition, Signature
from actions.signing.review import Criteria, Verb
from actions.signing.sign import sign
from tests.factories import PetitionFactory, action, answered, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(site, staff):
    petition = PetitionFactory(show_names=True)
    action(site, petition)
    sign(petition=petition, person=person(name="Zanzibar"), language="nb", show_name=True, contact_action=True)
    answered()
    signature = Signature.objects.get()
    token, _code = links.make_link(signature, with_code=False)
    return petition, signature, token, staff


def send_mail(petition, signature, token, staff):
    call_command("send_mail", "--once")


def copy(petition, signature, token, staff):
    links.ask_copy(token)
    from actions.signing.requests import answer_next

    answer_next()


def correct(petition, signature, token, staff):
    links.ask_correction(token, changed={"name": "Ny"}, found=links.facts(token), petition=petition)
    from actions.signing.requests import answer_next

    answer_next()


def look_for_name(petition, signature, token, staff):
    review.count(petition=petition, verb=Verb.HOLD, criteria=Criteria(name_pattern="^zanz"), by=staff)


def invalidate(petition, signature, token, staff):
    rule = review.decide(
        petition=petition, verb=Verb.INVALIDATE, criteria=Criteria(language="nb"), reason="x", by=staff
    )
    review.carry_out(rule.pk)
    review.carry_out(rule.pk)


def erase_address(petition, signature, token, staff):
    erase.erase_address(email="signer1@example.org", by=staff, purpose="case")


def show_name(petition, signature, token, staff):
    names.prepare(timezone.now())


def forget(petition, signature, token, staff):
    Petition.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    retention.forget(petition=petition)


TOUCHES = {
    "mailed": (send_mail, ["mailed"]),
    "disclosed": (copy, ["disclosed"]),
    "corrected": (correct, ["corrected"]),
    "withdrawn": (lambda p, s, t, u: links.withdraw(t), ["withdrawn"]),
    "erased by the signer": (lambda p, s, t, u: links.erase(t), ["erased"]),
    "erased by staff": (erase_address, ["erased"]),
    "contact ended": (lambda p, s, t, u: links.end_contact(t), ["consent"]),
    "looked at": (look_for_name, ["matched"]),
    "invalidated": (invalidate, ["invalidated"]),
    "name shown": (show_name, ["names"]),
    "forgotten": (forget, ["forgotten", "key_destroyed"]),
}


@pytest.mark.parametrize("touch", TOUCHES)
def test_a_touch_leaves_its_record(touch, case, django_assert_num_queries):
    """Seen to fail with `reading.read` leaving none."""
    petition, _signature, _token, staff = case
    do, expected = TOUCHES[touch]
    do(*case)
    records = list(AuditRecord.objects.about_signers().order_by("id"))
    assert [record.verb for record in records] == expected
    for record in records:
        assert record.petition_id == petition.pk
        assert record.at <= timezone.now()
        assert (record.actor, record.actor_id) in [("staff", staff.pk), ("worker", None), ("signer", None)]
        for word in ("Zanzibar", "signer1", "example.org"):
            assert word not in str([getattr(record, f.attname) for f in record._meta.fields])


def test_only_one_module_opens_signers():
    from pathlib import Path

    root = Path(__file__).resolve().parent.parent.parent / "actions"
    opening = {path.name for path in root.rglob("*.py") if "open_person(" in path.read_text()}
    assert opening == {"sealing.py", "reading.py"}
