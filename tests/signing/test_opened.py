"""How many names one person opens: the limit of an hour, and the alarms that tell others. Seen to fail without each."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.utils import timezone

from actions.signing import audit, erase, exporting, opened, reading, register, review
from actions.signing.models import Alarm, AuditRecord, Export, Signer, SigningRules
from actions.web.alarm_mail import send_waiting
from tests.factories import PetitionFactory, several

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition(db):
    petition = PetitionFactory()
    several(petition, 5)
    SigningRules.objects.create(pk=1, names_per_hour=10)
    return petition


def open_five(petition, by):
    signers = Signer.objects.filter(signature__petition=petition)
    return reading.read_many(signers=signers, petition=petition, verb=audit.Verb.OPENED, by=by, purpose="case")


def test_above_the_limit_nothing_is_opened_or_recorded(petition, staff):
    open_five(petition, staff)
    open_five(petition, staff)
    with pytest.raises(opened.TooManyOpened):
        open_five(petition, staff)
    with pytest.raises(opened.TooManyOpened):
        register.find(petition=petition, email="signer1@example.org", by=staff, purpose="case")
    with pytest.raises(opened.TooManyOpened):
        erase.subject_access(email="signer1@example.org", by=staff, purpose="case")
    assert AuditRecord.objects.about_signers().count() == 2


def test_looking_for_addresses_counts_whether_they_signed_or_not(petition, staff):
    for number in range(10):
        register.find(petition=petition, email=f"nobody{number}@example.org", by=staff, purpose="case")
    with pytest.raises(opened.TooManyOpened):
        register.find(petition=petition, email="nobody@example.org", by=staff, purpose="case")


def test_the_hour_passes_and_others_have_hours_of_their_own(petition, staff, django_user_model):
    open_five(petition, staff)
    open_five(petition, staff)
    open_five(petition, django_user_model.objects.create_user("another"))
    open_five(petition, audit.WORKER)
    with connection.cursor() as cursor:  # the trail lets nobody change it
        cursor.execute("alter table actions_auditrecord disable trigger user")
        cursor.execute("update actions_auditrecord set at = at - interval '61 minutes'")
        cursor.execute("alter table actions_auditrecord enable trigger user")
    assert len(open_five(petition, staff)) == 5


def count(petition, by, pattern: str) -> int:
    criteria = review.Criteria(name_pattern=pattern)
    return review.count(petition=petition, verb=review.Verb.HOLD, criteria=criteria, by=by)


def test_a_name_is_not_read_letter_by_letter_from_dry_counts(petition, staff):
    """Each answer tells something, so each costs one. Seen to fail: a name was read in 108 counts, and no alarm."""
    for letter in "abcdefghik":
        count(petition, staff, f"^{letter}")
    with pytest.raises(opened.TooManyOpened):
        count(petition, staff, "^k")
    assert [alarm.kind for alarm in Alarm.objects.order_by("pk")] == ["names", "nameslimit"]
    assert AuditRecord.objects.filter(verb="matched", number=5).count() == 10


def test_a_count_that_opens_nobody_costs_nothing(petition, staff):
    for _ in range(12):
        criteria = review.Criteria(signed_from="2020-01-01T00:00:00+00:00")
        assert review.count(petition=petition, verb=review.Verb.HOLD, criteria=criteria, by=staff) == 5
    assert opened.lately(staff) == 0


def test_erasing_and_carrying_out_a_decision_go_on(petition, staff):
    open_five(petition, staff)
    open_five(petition, staff)
    criteria = review.Criteria(name_pattern="^Kari")
    rule = review.decide(petition=petition, verb=review.Verb.HOLD, criteria=criteria, reason="case", by=staff)
    assert review.carry_out(rule.pk).matched == 5
    assert opened.lately(staff) == 10
    assert erase.erase_address(email="signer1@example.org", by=staff, purpose="case").signatures == 1


def test_nought_is_no_limit(petition, staff):
    SigningRules.objects.update(names_per_hour=0)
    for _ in range(5):
        open_five(petition, staff)
    assert not Alarm.objects.exists()


def test_above_half_others_are_told_once_and_at_the_limit_again(petition, staff, django_user_model, mailoutbox):
    watcher = django_user_model.objects.create_user("dpo", "dpo@example.org")
    watcher.user_permissions.add(Permission.objects.get(codename="view_auditrecord"))
    officer = django_user_model.objects.create_user("officer", "officer@example.org")
    open_five(petition, officer)
    assert send_waiting() == 0
    open_five(petition, officer)
    for _ in range(2):
        with pytest.raises(opened.TooManyOpened):
            open_five(petition, officer)
    assert [(alarm.kind, alarm.subject) for alarm in Alarm.objects.order_by("pk")] == [
        ("names", "officer"),
        ("nameslimit", "officer"),
    ]
    assert send_waiting() == 6  # the watcher, the superuser, and whose account it is; of both alarms
    assert send_waiting() == 0
    assert {message.to[0] for message in mailoutbox} == {"dpo@example.org", "staff@example.org", "officer@example.org"}
    assert "officer" in mailoutbox[0].body
    assert "signer1" not in str([message.body for message in mailoutbox])


def test_many_exports_of_a_day_are_told(petition, staff):
    for _ in range(7):
        exporting.ask(petition=petition, format="csv", columns=["name"], criteria={}, purpose="x", by=staff)
    assert Export.objects.count() == 7  # nothing is refused
    assert [(alarm.kind, alarm.number) for alarm in Alarm.objects.all()] == [("exports", 6)]
    assert Alarm.objects.get().hour <= timezone.now()
