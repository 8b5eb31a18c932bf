"""Signers whose time is over."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions.backoffice import home_panel
from actions.delivery import retention as terms
from actions.delivery.deliver import deliver
from actions.rules.errors import ChangeRefused
from actions.signing import cases, counting, links, on_request, reading, retention
from actions.signing.models import (
    AuditRecord,
    OutboxMail,
    Petition,
    PetitionSecret,
    RightsCase,
    Signature,
    Signer,
    SignerLink,
)
from actions.signing.on_request import Asked
from tests.factories import PetitionFactory, hold, several

pytestmark = pytest.mark.django_db


class TestRetention:
    def over(self, **more):
        petition = PetitionFactory(**more)
        several(petition)
        links.make_link(Signature.objects.filter(petition=petition).first(), with_code=False)
        Petition.objects.filter(pk=petition.pk).update(
            opens_at=timezone.now() - timedelta(days=300), ends_at=timezone.now() - timedelta(days=184)
        )
        return Petition.objects.get(pk=petition.pk)

    def test_nothing_personal_is_left_and_every_number_stays(self):
        petition, young = self.over(), PetitionFactory()
        several(young)
        call_command("forget_signers", "--dry-run")
        assert Signer.objects.count() == 10
        call_command("forget_signers")
        assert Signer.objects.filter(signature__petition=petition).count() == 0
        assert OutboxMail.objects.filter(signature__petition=petition).count() == 0
        assert SignerLink.objects.count() == 0
        assert counting.total(petition) == 5
        assert counting.counts(petition).agree
        assert Signer.objects.count() == 5
        petition.refresh_from_db()
        assert petition.forgotten_at
        assert not PetitionSecret.objects.filter(petition=petition).exists()
        assert terms.forget_due(timezone.now()) == {}

    def test_a_legal_hold_stops_it(self, staff):
        petition = self.over()
        hold(petition, staff, "court")
        assert terms.forget_due(timezone.now()) == {}
        with pytest.raises(ChangeRefused):
            retention.forget(petition=petition)
        assert Signer.objects.count() == 5
        retention.lift_legal_hold(petition=petition, by=staff, reason="over")
        assert terms.forget_due(timezone.now()) == {petition.pk: 5}
        assert list(AuditRecord.objects.filter(verb="legal_hold").values_list("purpose", flat=True)) == [
            "over",
            "court",
        ]
        with pytest.raises(ChangeRefused):
            hold(petition, staff, "late")

    @pytest.mark.parametrize("why", ["restricted", "in a case"])
    def test_who_is_restricted_or_waits_in_a_case_is_spared_until_that_is_over(self, why, staff, capsys):
        """Seen to fail: data that the law keeps for a person went with all the others, without a word."""
        petition = self.over()
        kept = Signature.objects.filter(petition=petition).first()
        asked = Asked([kept.pk], staff, "case 7")
        case = RightsCase(kind="restrict", reference="2026/1", received_on=timezone.localdate(), signatures=[kept.pk])
        if why == "restricted":
            on_request.restrict(asked)
        else:
            case.save()
        call_command("forget_signers", "--dry-run")
        assert "1 wait (use restricted: " in capsys.readouterr().out
        call_command("forget_signers")
        assert "key kept" in capsys.readouterr().out
        assert [signer.pk for signer in Signer.objects.all()] == [kept.pk]
        assert SignerLink.objects.get().signature_id == kept.pk
        petition.refresh_from_db()
        assert petition.forgotten_at is None
        assert reading.read(signer=kept.signer, petition=petition, verb="opened", by=staff).email
        lines = [line.text for line in home_panel.forgotten_soon()]
        assert len(lines) == 1
        assert "1" in lines[0]
        assert terms.forget_due(timezone.now()) == {petition.pk: 0}
        if why == "restricted":
            on_request.lift(asked)
        else:
            cases.close(case, outcome="done")
        assert terms.forget_due(timezone.now()) == {petition.pk: 1}
        petition.refresh_from_db()
        assert petition.forgotten_at
        assert not SignerLink.objects.exists()

    def test_stopped_in_the_middle_it_goes_on(self, monkeypatch):
        monkeypatch.setattr(retention, "BATCH", 2)
        petition = self.over()
        retention._batch(petition, None, None, "x")
        assert Signer.objects.count() == 3
        assert terms.forget_due(timezone.now()) == {petition.pk: 3}

    def test_each_batch_begins_in_both_tables_where_the_one_before_ended(self, monkeypatch):
        """Seen to fail with one of them told: at ten million each batch went through all that were gone."""
        monkeypatch.setattr(retention, "BATCH", 2)
        petition = self.over()
        with CaptureQueriesContext(connection) as queries:
            assert retention.forget(petition=petition) == 5
        _first, *later = [query["sql"] for query in queries if query["sql"].endswith("LIMIT 2")]
        assert len(later) == 3
        for statement in later:
            assert '"actions_signature"."id" >' in statement
            assert '"actions_signer"."signature_id" >' in statement

    def test_thirty_days_after_the_hand_over(self):
        petition = PetitionFactory(retention_days=30)
        several(petition)
        deliver(petition=petition, recipients=[], delivered_on=timezone.localdate() - timedelta(days=31))
        Petition.objects.update(
            opens_at=timezone.now() - timedelta(days=90), ends_at=timezone.now() - timedelta(days=40)
        )
        assert terms.forget_due(timezone.now()) == {petition.pk: 5}
