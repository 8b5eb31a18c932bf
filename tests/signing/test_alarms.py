"""Jumps that somebody is told of."""

from datetime import timedelta

import pytest
from django.utils import timezone

from actions.signing import alarms
from actions.signing.models import Alarm, Signature, Tally
from actions.signing.sign import sign
from tests.factories import PetitionFactory, person, several

pytestmark = pytest.mark.django_db


class TestAlarms:
    def test_a_jump_is_told_once(self, mailoutbox, staff):
        petition = PetitionFactory(ask_country=True, responsible=staff)
        for n in range(70):
            sign(petition=petition, person=person(n, email=f"x{n}@spam.example"), language="nb", country="XX")
        Tally.objects.create(
            petition=petition, hour=timezone.now() - timedelta(hours=30), language="nb", slot=0, counted=2
        )
        now = Signature.objects.latest("signed_at").signed_at
        assert {alarm.kind for alarm in alarms.look(now)} == {"hour", "country", "domain"}
        assert alarms.look(now) == []
        assert Alarm.objects.get(kind="domain").subject == "spam.example"
        from actions.web.alarm_mail import send_waiting

        assert send_waiting() == 3
        assert send_waiting() == 0
        assert {message.to[0] for message in mailoutbox} == {"staff@example.org"}

    def test_many_held_are_an_alarm(self):
        petition = PetitionFactory()
        several(petition, 31, suspicion="network")
        assert "held" in {alarm.kind for alarm in alarms.look(timezone.now())}

    def test_an_ordinary_hour_is_none(self):
        several(PetitionFactory(), 20)
        assert alarms.look(timezone.now()) == []
