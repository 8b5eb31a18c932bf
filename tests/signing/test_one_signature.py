"""One signature, as staff deal with it: found by its address, counted, taken out, undone, asked to confirm again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from actions.rules.errors import ChangeRefused
from actions.signing import cases, counting, erase, on_request, one_signature, opened, outbox, review
from actions.signing.models import AuditRecord, OutboxMail, Petition, ReviewRule, Signature, Signer, SigningRules
from actions.signing.on_request import Asked
from actions.signing.review import Verb
from actions.signing.sign import sign
from tests.factories import PetitionFactory, hold, person

pytestmark = pytest.mark.django_db


def signed(petition, number=1, **more) -> Signature:
    before = set(Signature.objects.values_list("pk", flat=True))
    sign(petition=petition, person=person(number), language="nb", **more)
    return Signature.objects.exclude(pk__in=before).get()


def decide(one, verb, by) -> ReviewRule:
    one = Signature.objects.select_related("petition").get(pk=one.pk)
    return review.decide_one(signature=one, verb=verb, reason="she wrote to us", by=by)


def state(one) -> str:
    return Signature.objects.get(pk=one.pk).state


def test_an_address_is_found_in_every_form_whatever_its_spelling(staff):
    first, other = PetitionFactory(), PetitionFactory(counting="confirmed")
    signed(first), signed(other), signed(other, 2)
    found = one_signature.find(email="Signer1+x@EXAMPLE.org", by=staff, purpose="letter 7")
    assert [one.petition for one in found] == [first, other]
    [record] = AuditRecord.objects.filter(verb="searched")
    assert (record.actor_id, record.number, record.purpose) == (staff.pk, 2, "letter 7")


def test_looking_for_addresses_is_limited(staff):
    SigningRules.objects.update_or_create(pk=1, defaults={"names_per_hour": 1})
    one_signature.find(email="a@example.org", by=staff, purpose="x")
    with pytest.raises(opened.TooManyOpened):
        one_signature.find(email="b@example.org", by=staff, purpose="x")


def test_nothing_is_told_while_it_is_in_doubt_who_asks(staff):
    """Seen to fail without the look at open cases."""
    signed(PetitionFactory())
    given = {"kind": "access", "reference": "1", "received_on": timezone.localdate(), "identity": "doubt", "by": staff}
    cases.begin(email="signer1@example.org", **given)
    with pytest.raises(ChangeRefused):
        one_signature.find(email="signer1@example.org", by=staff, purpose="x")


def test_one_that_awaits_is_counted_by_hand_and_undone(staff):
    """With every count that hangs on it. Seen to fail with held ones alone: an awaiting one stayed."""
    petition = PetitionFactory(counting="confirmed")
    one = signed(petition, contact_action=True)
    rule = decide(one, Verb.COUNT, staff)
    assert (state(one), counting.total(petition), rule.changed) == ("counted", 1, 1)
    # That staff count it says nothing of what was ticked: nobody of the mailbox has answered.
    assert Signer.objects.get(pk=one.pk).proved_at is None
    assert outbox.send_next(lambda letter: None, lambda message: None) == outbox.Outcome.GIVEN_UP  # nothing to confirm
    review.undo(rule.pk, by=staff)
    assert (state(one), counting.total(petition)) == ("awaiting", 0)
    told = AuditRecord.objects.filter(signature_id=one.pk, actor="staff").order_by("pk")
    assert list(told.values_list("verb", "purpose")) == [("released", "she wrote to us"), ("undone", "she wrote to us")]


def test_one_is_taken_out_counted_again_and_nothing_else_moves(staff):
    petition = PetitionFactory()
    one, _other = signed(petition), signed(petition, 2)
    decide(one, Verb.INVALIDATE, staff)
    assert (state(one), counting.total(petition), counting.removed(petition)) == ("invalidated", 1, 1)
    decide(one, Verb.COUNT, staff)
    assert (state(one), counting.total(petition), counting.removed(petition)) == ("counted", 2, 0)


def test_what_was_handed_over_is_not_taken_out(staff):
    from actions.delivery.deliver import deliver
    from tests.factories import RecipientFactory, addressed

    petition = addressed(PetitionFactory(), recipient := RecipientFactory())
    one = signed(petition)
    deliver(petition=petition, recipients=[recipient], delivered_on=timezone.localdate(), by=staff)
    with pytest.raises(ChangeRefused):
        decide(one, Verb.INVALIDATE, staff)
    assert state(one) == "counted"


@pytest.mark.parametrize(
    ("verb", "of"), [(Verb.COUNT, "counted"), (Verb.COUNT, "withdrawn"), (Verb.INVALIDATE, "withdrawn")]
)
def test_what_makes_no_sense_is_refused_and_leaves_no_decision(verb, of, staff):
    one = signed(PetitionFactory())
    if of == "withdrawn":
        on_request.withdraw(Asked([one.pk], staff, "x"))
    with pytest.raises(ChangeRefused):
        decide(one, verb, staff)
    assert not ReviewRule.objects.exists()


def test_in_high_risk_mode_staff_count_nobody_who_has_not_typed_the_code(staff):
    """Seen to fail without the exception."""
    petition = PetitionFactory(high_risk=True)
    one = signed(petition)
    assert one_signature.about(Signature.objects.get(pk=one.pk)).may == [Verb.INVALIDATE]
    with pytest.raises(ChangeRefused):
        decide(one, Verb.COUNT, staff)


def test_a_rule_for_many_still_counts_held_ones_only(staff):
    """What awaits a confirmation is counted one by one, never by a country or a language."""
    petition = PetitionFactory(counting="confirmed")
    one = signed(petition)
    assert review.count(petition=petition, verb=Verb.RELEASE, criteria=review.Criteria(language="nb"), by=staff) == 0
    assert state(one) == "awaiting"


def mails(one) -> list[tuple]:
    return list(OutboxMail.objects.filter(signature=one).values_list("kind", "sent_at", "gave_up_at"))


def letters() -> list:
    sent: list = []
    while outbox.send_next(lambda letter: letter, sent.append):
        pass
    return sent


@pytest.mark.parametrize("more", [{"counting": "confirmed"}, {"high_risk": True}])
def test_a_lost_request_to_confirm_is_sent_again(more, staff):
    """With another link, and the one of before stays good. Seen to fail with the mail left as it was."""
    one = signed(PetitionFactory(**more))
    [first] = letters()
    one = Signature.objects.get(pk=one.pk)
    assert one_signature.send_again(one, by=staff, purpose="she wrote to us")
    [again] = letters()
    assert (again.mail.kind, again.address) == (first.mail.kind, first.address)
    assert again.token != first.token
    assert AuditRecord.objects.get(verb="sent_again").signature_id == one.pk


def test_what_waits_to_be_sent_is_not_written_twice(staff):
    one = signed(PetitionFactory(counting="confirmed"))
    assert not one_signature.send_again(Signature.objects.get(pk=one.pk), by=staff, purpose="x")
    assert len(mails(one)) == 1
    assert not AuditRecord.objects.filter(verb="sent_again").exists()


def test_one_that_was_given_up_or_came_back_is_sent_again(staff):
    one = signed(PetitionFactory(counting="confirmed"))
    [first] = letters()
    outbox.bounced(first.mail.pk)
    OutboxMail.objects.update(gave_up_at=timezone.now())
    assert one_signature.send_again(Signature.objects.get(pk=one.pk), by=staff, purpose="the mailbox was full")
    assert len(letters()) == 1
    assert OutboxMail.objects.get().bounced_at is None


def _erased(one, by):
    erase.erase_signatures([one.pk], by=by, purpose="x")


def _waits(one, by):
    hold(one.petition, by)
    erase.erase_signatures([one.pk], by=by, purpose="x")


def _wants_none(one, by):
    with connection.cursor() as cursor:
        cursor.execute("select actions_no_more_mail(%s)", [[one.pk]])


NOT_SENT = {
    "counted": lambda one, by: decide(one, Verb.COUNT, by),
    "erased": _erased,
    "waits to be erased": _waits,
    "restricted": lambda one, by: on_request.restrict(Asked([one.pk], by, "x")),
    "ended": lambda one, by: Petition.objects.update(ends_at=timezone.now() - timedelta(seconds=1)),
    "paused": lambda one, by: Petition.objects.update(paused=True),
    "wants no mail": _wants_none,
}


@pytest.mark.parametrize("why", NOT_SENT)
def test_nothing_is_sent_again_where_it_could_do_nothing_or_must_not(why, staff):
    one = signed(PetitionFactory(counting="confirmed"))
    letters()
    NOT_SENT[why](one, staff)
    again = Signature.objects.select_related("petition").get(pk=one.pk)
    assert not one_signature.about(again).may_send_again
    with pytest.raises(ChangeRefused):
        one_signature.send_again(again, by=staff, purpose="x")
    assert letters() == []


def test_the_limit_of_mails_to_an_address_holds(staff):
    """Three a day: what staff ask for waits like everything else."""
    one = signed(PetitionFactory(counting="confirmed"))
    for _time in range(4):
        letters()
        one_signature.send_again(Signature.objects.get(pk=one.pk), by=staff, purpose="x")
    assert letters() == []
    assert OutboxMail.objects.get().due_at > timezone.now()


def test_a_case_may_be_about_one_of_several_signatures(staff):
    """Contact is ended and a person erased in one action alone. Seen to fail with all signatures of the address."""
    first, other = PetitionFactory(), PetitionFactory()
    one, kept = signed(first, contact_action=True), signed(other, contact_action=True)
    case = cases.begin(
        signature=one, kind="erase", reference="7", received_on=timezone.localdate(), identity="mailbox", by=staff
    )
    assert case.signatures == [one.pk]
    assert cases.of_case(case, [one.pk, kept.pk]) == [one.pk]
    erase.erase_signatures(cases.of_case(case, [one.pk, kept.pk]), by=staff, purpose=cases.purpose_of(case))
    assert list(Signer.objects.values_list("pk", flat=True)) == [kept.pk]
    assert counting.total(first) == counting.total(other) == 1
