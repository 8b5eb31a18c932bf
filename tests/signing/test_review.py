"""Deciding about signatures: one, some or by a rule; in batches; undone as a whole."""

from datetime import timedelta

import pytest
from django.utils import timezone

from actions.delivery.deliver import deliver
from actions.signing import review
from actions.signing.counting import counts, removed, total
from actions.signing.models import AuditRecord, Hold, OutboxMail, ReviewRule, Signature
from actions.signing.review import Criteria, NothingChosen, Verb
from actions.signing.sign import sign
from tests.factories import PetitionFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition():
    return PetitionFactory(ask_country=True)


def signed(petition, number, *, email="", name="Kari Nordmann", **more):
    given = person(number, name=name, **({"email": email} if email else {}))
    sign(petition=petition, person=given, language=more.pop("language", "nb"), **more)


def done(petition, verb, staff, **criteria):
    rule = review.decide(petition=petition, verb=verb, criteria=Criteria(**criteria), reason="looks wrong", by=staff)
    return review.carry_out(rule.pk)


def states(petition):
    return sorted(Signature.objects.filter(petition=petition).values_list("state", flat=True))


CASES = {
    "domain": ({"domain": "spam.example"}, 2),
    "subdomain": ({"domain": "@SPAM.example"}, 2),
    "country": ({"country": "XX"}, 1),
    "language": ({"language": "en"}, 1),
    "name": ({"name_pattern": "^test"}, 1),
    "hour": ({"signed_from": (timezone.now() - timedelta(hours=1)).isoformat()}, 5),
    "before": ({"signed_before": (timezone.now() - timedelta(hours=1)).isoformat()}, 0),
    "two at once": ({"domain": "spam.example", "language": "en"}, 1),
    "held": ({"reason": "network"}, 1),
    "network": ({"network": b"12345678".hex()}, 1),
}


@pytest.mark.parametrize("case", CASES)
def test_a_rule_takes_out_what_it_says_and_a_dry_count_says_it_before(case, petition, staff):
    signed(petition, 1, email="a@spam.example")
    signed(petition, 2, email="b@mail.spam.example", language="en")
    signed(petition, 3, name="TEST test")
    signed(petition, 4, country="XX")
    signed(petition, 5, suspicion="network", network=b"12345678")
    criteria, expected = CASES[case]
    before = states(petition)
    dry = review.count(petition=petition, verb=Verb.INVALIDATE, criteria=Criteria(**criteria), by=staff)
    assert dry == expected
    assert states(petition) == before
    rule = done(petition, Verb.INVALIDATE, staff, **criteria)
    assert (rule.progress, rule.matched, rule.changed) == ("done", expected, expected)
    assert states(petition).count("invalidated") == expected
    assert counts(petition).agree


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|aa)+$b", "(.*a){20}b", r"^(\w+\s?)*b"])
def test_no_pattern_and_no_name_keep_anybody_waiting(pattern, petition, staff):
    """Both are typed by people, the name by anybody. Seen to fail with Python's own expressions: they never ended."""
    signed(petition, 1, name="a" * 100)
    criteria = Criteria(name_pattern=pattern)
    assert review.count(petition=petition, verb=Verb.INVALIDATE, criteria=criteria, by=staff) == 0
    assert done(petition, Verb.INVALIDATE, staff, name_pattern=pattern).progress == "done"


def test_a_pattern_takes_any_letters_in_any_case(petition, staff):
    signed(petition, 1, name="ÅSE Ærlig")
    for pattern, n in {"^åse": 1, "æRLIG$": 1, "øy": 0, "^.{9}$": 1}.items():
        criteria = Criteria(name_pattern=pattern)
        assert review.count(petition=petition, verb=Verb.INVALIDATE, criteria=criteria, by=staff) == n


def test_a_decision_of_an_earlier_version_that_is_no_pattern_any_more_ends(petition, staff):
    signed(petition, 1)
    rule = done(petition, Verb.INVALIDATE, staff, name_pattern="(?=Kari)")
    assert (rule.progress, rule.matched) == ("done", 0)


def test_taking_out_lowers_the_total_and_is_told_in_public(petition, staff):
    for number in range(5):
        signed(petition, number)
    rule = done(petition, Verb.INVALIDATE, staff, language="nb")
    assert (total(petition), removed(petition)) == (0, 5)
    review.undo(rule.pk, by=staff)
    assert (total(petition), removed(petition)) == (5, 0)
    assert counts(petition).agree
    assert states(petition) == ["counted"] * 5


def test_a_decision_is_undone_as_a_whole_and_each_goes_back_to_what_it_was(petition, staff):
    signed(petition, 1)
    signed(petition, 2, suspicion="pace")
    rule = done(petition, Verb.INVALIDATE, staff, signed_from="2020-01-01T00:00:00+00:00")
    assert states(petition) == ["invalidated"] * 2
    assert review.undo(rule.pk, by=staff).progress == "undone"
    assert states(petition) == ["counted", "held"]
    assert Hold.objects.get().reason == "pace"
    assert (total(petition), removed(petition)) == (1, 0)
    assert review.undo(rule.pk, by=staff).progress == "undone"
    assert counts(petition).agree


def test_what_a_later_decision_changed_is_not_undone_by_the_earlier(petition, staff):
    signed(petition, 1, suspicion="pace")
    first = done(petition, Verb.RELEASE, staff, language="nb")
    done(petition, Verb.INVALIDATE, staff, language="nb")
    review.undo(first.pk, by=staff)
    assert states(petition) == ["invalidated"]


def test_holding_asks_the_signers_to_confirm(petition, staff):
    signed(petition, 1)
    done(petition, Verb.HOLD, staff, language="nb")
    assert states(petition) == ["held"]
    assert Hold.objects.get().reason == "staff"
    assert set(OutboxMail.objects.values_list("kind", flat=True)) == {"receipt", "confirm"}
    assert total(petition) == 0


def test_ticked_ones_only(petition, staff):
    for number in range(3):
        signed(petition, number, suspicion="trap")
    ids = tuple(str(pk) for pk in Signature.objects.values_list("pk", flat=True)[:2])
    assert done(petition, Verb.RELEASE, staff, ids=ids).changed == 2
    assert total(petition) == 2
    assert not Hold.objects.filter(pk__in=ids).exists()


def test_what_was_handed_over_is_left_alone(petition, staff):
    signed(petition, 1)
    deliver(petition=petition, recipients=[], delivered_on=timezone.localdate())
    signed(petition, 2)
    assert done(petition, Verb.INVALIDATE, staff, language="nb").changed == 1
    assert total(petition) == 1


def test_an_interrupted_decision_goes_on_where_it_was(petition, staff, monkeypatch):
    monkeypatch.setattr(review, "BATCH", 2)
    for number in range(7):
        signed(petition, number)
    rule = review.decide(
        petition=petition, verb=Verb.INVALIDATE, criteria=Criteria(language="nb"), reason="x", by=staff
    )
    assert review._next_batch(rule.pk)
    rule.refresh_from_db()
    assert (rule.progress, rule.changed) == ("running", 2)
    assert list(review.waiting()) == [rule.pk]
    assert review.carry_out(rule.pk).changed == 7
    assert not list(review.waiting())
    assert review.undo(rule.pk, by=staff).progress == "undone"
    assert total(petition) == 7


def test_a_rule_without_a_criterion_means_nobody(petition, staff):
    with pytest.raises(NothingChosen):
        review.count(petition=petition, verb=Verb.INVALIDATE, criteria=Criteria(), by=staff)
    with pytest.raises(NothingChosen):
        done(petition, Verb.INVALIDATE, staff)
    assert not ReviewRule.objects.exists()


def test_each_changed_signature_leaves_one_record_and_looking_leaves_one_for_all(petition, staff):
    for number in range(3):
        signed(petition, number, email=f"x{number}@spam.example")
    done(petition, Verb.INVALIDATE, staff, domain="spam.example")
    verbs = list(AuditRecord.objects.about_signers().order_by("id").values_list("verb", "number"))
    assert sorted(verbs) == sorted([("matched", 3), *[("invalidated", 1)] * 3])
    assert set(AuditRecord.objects.about_signers().values_list("actor_id", flat=True)) == {staff.pk}
