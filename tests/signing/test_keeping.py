"""The audit trail, shown names, limits, and regular work."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from actions.management.commands.housekeeping import JOBS
from actions.rules.errors import NotOpen
from actions.signing import audit, limits, names
from actions.signing.jobs import Job, run_due
from actions.signing.models import AllowedNetwork, AuditRecord, Hold, JobRun, PublicName, Signature, SigningRules
from actions.signing.sign import sign
from tests.factories import PetitionFactory, answered, person, several

pytestmark = pytest.mark.django_db


class TestAudit:
    def test_a_record_can_be_neither_changed_nor_deleted(self, staff):
        audit.record(audit.Verb.OPENED, by=staff, petition=1)
        for change in (lambda: AuditRecord.objects.update(purpose="x"), lambda: AuditRecord.objects.all().delete()):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                change()
        assert AuditRecord.objects.about_signers().get().purpose == ""

    def test_it_outlives_whom_it_tells_of(self, staff, django_user_model):
        audit.record(audit.Verb.OPENED, by=staff, petition=1)
        django_user_model.objects.all().delete()
        assert (
            AuditRecord.objects.about_signers().get().actor_id == staff.pk
            or AuditRecord.objects.about_signers().get().actor == "staff"
        )


class TestNames:
    def test_they_appear_later_and_only_for_those_who_asked(self):
        petition = PetitionFactory(show_names=True)
        sign(petition=petition, person=person(1, place="Tromsø"), language="nb", show_name=True)
        sign(petition=petition, person=person(2), language="nb")
        sign(petition=petition, person=person(3), language="nb", show_name=True, suspicion="trap")
        assert names.prepare(timezone.now()) == 0
        answered()
        assert names.prepare(timezone.now()) == 1
        assert names.prepare(timezone.now()) == 0
        assert names.shown(petition) == []
        name = PublicName.objects.get()
        assert timezone.now() + timedelta(minutes=59) < name.shown_from < timezone.now() + timedelta(hours=13)
        PublicName.objects.update(shown_from=timezone.now())
        assert names.shown(petition) == [{"first_name": "Kari", "place": "Tromsø"}]

    def test_where_staff_want_to_look_first_they_wait_for_them(self, staff):
        petition = PetitionFactory(show_names=True, look_at_names=True)
        sign(petition=petition, person=person(1), language="nb", show_name=True)
        answered()
        names.prepare(timezone.now() - timedelta(days=1))
        assert list(names.shown(petition)) == []
        [waiting] = PublicName.objects.all()
        assert names.show(PetitionFactory(), [str(waiting.pk)], by=staff) == 0
        assert names.show(petition, [str(waiting.pk)], by=staff) == 1
        assert [name["first_name"] for name in names.shown(petition)] == ["Kari"]
        assert AuditRecord.objects.first().purpose == "shown on the page"


class TestLimits:
    def test_a_change_is_in_force_at_once_and_recorded(self, staff):
        assert limits.current().per_hour == 50
        limits.change(SigningRules(per_hour=7), by=staff, reason="flood")
        assert limits.current().per_hour == 7
        assert "per_hour: 50 → 7" in AuditRecord.objects.about_signers().get().purpose

    def test_shared_networks_are_known_by_their_addresses_until_their_day(self):
        later = timezone.now() + timedelta(hours=1)
        for network in ("192.0.2.0/25", "2001:db8::/48"):
            AllowedNetwork.objects.create(network=network, what="stand", until=later)
        AllowedNetwork.objects.create(network="203.0.113.0/24", what="over", until=timezone.now())
        petition = PetitionFactory()
        hosts = ["192.0.2.7", "192.0.2.200", "2001:db8::1", "2001:db9::1", "203.0.113.1", None]
        for number, host in enumerate(hosts):
            sign(petition=petition, person=person(number), language="nb", suspicion="network", host=host)
        sign(petition=petition, person=person(9), language="nb", suspicion="trap", host="192.0.2.7")
        states = list(Signature.objects.order_by("id").values_list("state", flat=True))
        assert states == ["counted", "held", "counted", "held", "held", "held", "held"]

    def test_all_signing_can_be_paused_and_the_database_holds_it(self, staff):
        petition = PetitionFactory()
        limits.change(SigningRules(paused=True), by=staff, reason="x")
        with pytest.raises(NotOpen):
            sign(petition=petition, person=person(), language="nb")
        assert not Signature.objects.exists()
        limits.change(SigningRules(paused=False), by=staff, reason="x")
        sign(petition=petition, person=person(), language="nb")
        assert Signature.objects.exists()


class TestJobs:
    def test_what_is_due_is_done_once_and_what_fails_is_noted(self):
        done = []
        jobs = {"good": Job(timedelta(hours=1), lambda: done.append(1)), "bad": Job(timedelta(hours=1), lambda: 1 / 0)}
        now = timezone.now()
        assert run_due(jobs, now) == ["good"]
        assert run_due(jobs, now) == []
        assert run_due(jobs, now + timedelta(hours=1)) == ["good"]
        assert done == [1, 1]
        assert JobRun.objects.get(name="bad").failed == "ZeroDivisionError"

    def test_the_house_is_kept(self):
        several(PetitionFactory())
        call_command("housekeeping", "--once")
        assert set(JobRun.objects.values_list("failed", flat=True)) == {""}
        assert JobRun.objects.count() == len(JOBS)
        assert not Hold.objects.exists()
