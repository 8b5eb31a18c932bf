"""Gone everywhere: the address, the files, and what a restored backup brings along."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from actions.delivery import package
from actions.delivery.deliver import deliver
from actions.delivery.models import ListedName
from actions.delivery.tell import tell_due
from actions.signing import (
    consents,
    counting,
    erase,
    exporting,
    files,
    links,
    members,
    names,
    register,
    requests,
    restoring,
    retention,
)
from actions.signing.models import (
    Alarm,
    AuditRecord,
    CodeTry,
    Consent,
    Export,
    MemberNotice,
    Petition,
    PublicName,
    SealedFile,
    Signature,
    Signer,
    SignerLink,
    Tombstone,
    WaitingErasure,
    Withdrawal,
)
from actions.signing.sign import sign
from actions.web import erased_log
from tests.factories import PetitionFactory, RecipientFactory, answered, hold, person, several, told
from tests.guarantees.test_gone_everywhere import backed_up, restored

pytestmark = pytest.mark.django_db


def leave(how: str, signature: Signature, email: str, by) -> None:
    if how == "by staff":
        erase.erase_address(email=email, by=by, purpose="case")
    else:
        links.erase(links.make_link(signature, with_code=False)[0])


def of(petition: Petition, number: int) -> Signature:
    return Signature.objects.filter(petition=petition).order_by("pk")[number]


class TestTheAddressIsFoundByNobody:
    """Seen to fail on the code of before: the digest stayed with id, language and time."""

    @pytest.mark.parametrize("how", ["by staff", "by link"])
    def test_who_was_erased_is_found_no_more_and_counts_once(self, how, staff):
        petition = PetitionFactory()
        several(petition)
        signature = of(petition, 1)
        email, was = "signer1@example.org", bytes(signature.digest)
        token, _code = links.make_link(signature, with_code=False)
        leave(how, signature, email, staff)
        signature.refresh_from_db()
        assert bytes(signature.digest) != was
        assert erase.subject_access(email=email, by=staff, purpose="x") == []
        assert register.find(petition=petition, email=email, by=staff, purpose="x") is None
        with pytest.raises(links.BadLink):
            links.facts(token)
        (left,) = Withdrawal.objects.all()
        assert (left.taken, left.never) == (True, False)
        assert {field.name for field in Withdrawal._meta.fields} == {"digest", "petition", "never", "taken"}
        sign(petition=petition, person=person(1), language="nb")
        assert (counting.total(petition), Signature.objects.count(), Signer.objects.count()) == (5, 5, 4)
        assert counting.counts(petition).agree

    def test_the_digest_goes_with_the_salt(self, staff):
        petition = PetitionFactory()
        several(petition)
        erase.erase_address(email="signer1@example.org", by=staff, purpose="x")
        assert Withdrawal.objects.count() == 1
        retention.forget(petition=petition)
        assert not Withdrawal.objects.exists()

    @pytest.mark.parametrize("state", ["awaiting", "held"])
    def test_who_never_counted_may_sign_anew(self, state, staff):
        petition = PetitionFactory(counting="confirmed")
        sign(petition=petition, person=person(1), language="nb")
        Signature.objects.update(state=state)
        erase.erase_address(email="signer1@example.org", by=staff, purpose="x")
        assert not Withdrawal.objects.get().taken  # it stands there for files of earlier signatures
        sign(petition=petition, person=person(1), language="nb")
        assert Signer.objects.count() == 1

    def test_who_was_taken_out_does_not_come_back_by_being_erased(self, staff):
        petition = PetitionFactory()
        sign(petition=petition, person=person(1), language="nb")
        erase.move([of(petition, 0).pk], ["counted"], "invalidated")
        erase.erase_address(email="signer1@example.org", by=staff, purpose="x")
        sign(petition=petition, person=person(1), language="nb")
        assert counting.total(petition) == 0

    def test_no_file_of_earlier_signatures_brings_her_back(self, staff):
        petition = PetitionFactory()
        sign(petition=petition, person=person(1), language="nb")
        was = bytes(of(petition, 0).digest)
        erase.erase_address(email="signer1@example.org", by=staff, purpose="x")
        with connection.cursor() as cursor:
            cursor.execute("select fate from actions_fate(%s, %s::bytea[])", [petition.pk, [was]])
            assert cursor.fetchall() == [("known",)]

    def test_tries_of_codes_go_with_the_digest(self, staff):
        petition = PetitionFactory(counting="confirmed")
        sign(petition=petition, person=person(1), language="nb")
        links._call(
            "actions_try_code(%s, %s, %s)", petition.pk, links._values("signer1@example.org")[0], links._code_hash("A")
        )
        assert CodeTry.objects.exists()
        erase.erase_address(email="signer1@example.org", by=staff, purpose="x")
        assert not CodeTry.objects.exists()


class TestAttempts:
    """In high-risk mode several rows hold one address; whoever goes, goes with all of them. Seen to fail: by link only
    the one went whose link it was."""

    @pytest.fixture
    def petition(self):
        petition = PetitionFactory(high_risk=True, counting="confirmed")
        for number in (1, 1, 2, 1):
            sign(petition=petition, person=person(number), language="nb")
        links._call(
            "actions_try_code(%s, %s, %s)", petition.pk, links._values("signer1@example.org")[0], links._code_hash("A")
        )
        assert len(erase.signatures_of("signer1@example.org")) == 3
        return petition

    def assert_gone(self):
        assert erase.signatures_of("signer1@example.org") == []
        assert not CodeTry.objects.exists()
        (other,) = Signer.objects.all()
        assert other.signature.claim
        assert Signature.objects.exclude(claim=None).count() == 1

    @pytest.mark.parametrize("how", ["by staff", "by link", "withdraw", "refuse"])
    def test_all_go_at_once(self, how, petition, staff):
        one = of(petition, 1)
        if how in ("withdraw", "refuse"):
            getattr(links, how)(links.make_link(one, with_code=True)[0])
        else:
            leave(how, one, "signer1@example.org", staff)
        self.assert_gone()
        assert Tombstone.objects.count() == 3
        sign(petition=petition, person=person(1), language="nb")
        assert Signer.objects.count() == (1 if how == "refuse" else 2)
        assert counting.counts(petition).agree

    def test_under_a_hold_all_wait(self, petition, staff):
        hold(petition, staff)
        assert links.erase(links.make_link(of(petition, 0), with_code=True)[0]) == "waits"
        assert WaitingErasure.objects.count() == 3
        assert retention.lift_legal_hold(petition=petition, by=staff, reason="over") == 3
        self.assert_gone()

    def test_the_digest_of_attempts_goes_with_the_salt(self, petition):
        retention.forget(petition=petition)
        assert not Signature.objects.exclude(claim=None).exists()
        assert not CodeTry.objects.exists()


class TestWhatOthersAreTold:
    """What meets other parts: the membership system, and who else stands on a list."""

    @pytest.fixture(autouse=True)
    def is_told(self, settings):
        settings.MEMBERS_TOKENS = ["x"]

    @pytest.mark.parametrize(
        ("how", "reason"), [("by staff", "erased"), ("by link", "erased"), ("withdraw", "signature_withdrawn")]
    )
    @pytest.mark.parametrize("held", [False, True])
    def test_the_membership_system_is_told_what_it_was(self, how, reason, held, staff):
        """Seen to fail under a hold: a consent that was taken back, and so in every other action too."""
        petition, other = PetitionFactory(), PetitionFactory()
        for form in (petition, other):
            sign(petition=form, person=person(1), language="nb", contact_other=True)
        answered()
        assert members.notice() == 2
        assert len(members.page(None).events) == 2
        if held:
            hold(petition, staff)
        if how == "by staff":
            with connection.cursor() as cursor:
                name = "actions_wait_to_erase(%s, false, 'staff')" if held else "actions_erase(%s, false)"
                cursor.execute(f"select {name}", [of(petition, 0).pk])
        else:
            getattr(links, "withdraw" if how == "withdraw" else "erase")(
                links.make_link(of(petition, 0), with_code=False)[0]
            )
        assert members.notice() == 1
        told_of = MemberNotice.objects.latest("pk")
        assert (told_of.kind, told_of.reason) == ("updated", reason)
        assert of(other, 0).signer.contact_other
        if held:
            retention.lift_legal_hold(petition=petition, by=staff, reason="over")
            assert members.notice() == 0

    def test_a_list_that_was_made_is_told_of_though_another_was_erased(self, staff):
        """Seen to fail: with the file went what its other signers see of it, and the mail about it."""
        petition = listed(PetitionFactory(), contact_action=True)
        made = packed(petition, staff)
        token, _code = links.make_link(of(petition, 0), with_code=False)
        assert links.hand_over_facts(token).listed
        erase.erase_address(email="signer1@example.org", by=staff, purpose="x")
        made.refresh_from_db()
        assert made.file is None
        assert links.hand_over_facts(token).listed
        assert not ListedName.objects.filter(signature=of(petition, 1)).exists()
        assert ListedName.objects.count() == 4
        assert tell_due(timezone.localdate()) == 4


def listed(petition: Petition, number: int = 5, **more) -> Petition:
    """Have several sign a form that hands over their names."""
    several(petition, number, hand_over_notice=told(petition, "name", RecipientFactory()), **more)
    answered(petition)
    return petition


def packed(petition: Petition, by, **changes) -> package.DeliveryPackage:
    recipients = [one.recipient for one in petition.addressees.all()]
    delivery = deliver(petition=petition, recipients=recipients, delivered_on=timezone.localdate(), by=by, **changes)
    made = package.ask(delivery=delivery, language="nb", format="csv", level="name", by=by)
    assert package.build(made.pk, tell)
    made.refresh_from_db()
    return made


def exported(petition: Petition, by) -> Export:
    made = exporting.ask(petition=petition, format="csv", columns=["name"], criteria={}, purpose="x", by=by)
    assert exporting.build(made.pk)
    made.refresh_from_db()
    return made


@pytest.fixture(autouse=True)
def no_pdf(monkeypatch):
    monkeypatch.setattr(package, "pdf", lambda told: b"pdf")


def tell(delivery, language, sums):
    return {}


class TestFiles:
    """Seen to fail on the code of before: packages and exports outlived erasure, retention and correction."""

    @pytest.mark.parametrize("how", ["by staff", "by link"])
    def test_who_is_erased_is_in_no_file(self, how, staff):
        petition, other = listed(PetitionFactory()), PetitionFactory()
        sign(petition=other, person=person(9), language="nb")
        made, taken, kept = packed(petition, staff), exported(petition, staff), exported(other, staff)
        leave(how, of(petition, 1), "signer1@example.org", staff)
        for one in (made, taken):
            one.refresh_from_db()
            assert (one.file, one.progress, one.failed) == (None, "failed", "erased")
        assert list(SealedFile.objects.all()) == [kept.file]
        with pytest.raises(files.FileGone):
            package.take(made, by=staff)

    def test_a_set_that_she_is_not_in_stays(self, staff):
        petition = listed(PetitionFactory())
        made = packed(petition, staff)
        sign(petition=petition, person=person(9), language="nb")
        erase.erase_address(email="signer9@example.org", by=staff, purpose="x")
        made.refresh_from_db()
        assert made.file

    def test_a_set_that_repeats_hers_goes_too(self, staff):
        petition = listed(PetitionFactory())
        first = packed(petition, staff)
        sign(petition=petition, person=person(9), language="nb")
        again = packed(petition, staff, repeats=[first.delivery])
        assert again.manifest["listed_by_name"] == 5
        erase.erase_address(email="signer1@example.org", by=staff, purpose="x")
        assert not SealedFile.objects.exists()

    def test_retention_leaves_no_file(self, staff):
        petition = listed(PetitionFactory())
        packed(petition, staff), exported(petition, staff)
        retention.forget(petition=petition)
        assert not SealedFile.objects.exists()

    def test_who_is_erased_while_a_file_is_made_is_not_in_it(self, staff, monkeypatch):
        petition = listed(PetitionFactory())
        export = exporting.ask(petition=petition, format="csv", columns=["name"], criteria={}, purpose="x", by=staff)
        real, left = exporting._rows, []

        def rows(asked):
            yield from real(asked)
            if not left:  # read already, when she goes
                left.append(erase.erase_address(email="signer1@example.org", by=staff, purpose="x"))

        monkeypatch.setattr(exporting, "_rows", rows)
        assert exporting.build(export.pk)
        export.refresh_from_db()
        assert export.tries == 2
        text = b"".join(files.read(export.file)).decode()
        assert text.count("\n") == 6
        assert text.count('""') == 1  # five rows, one without a person

    def test_a_corrected_name_makes_the_files_old(self, staff):
        petition = listed(PetitionFactory())
        made = packed(petition, staff)
        correct(of(petition, 1), "Kari Ny")
        made.refresh_from_db()
        assert (made.file, made.failed) == (None, "corrected")


def correct(signature: Signature, name: str, *, answer: bool = True) -> None:
    token, _code = links.make_link(signature, with_code=False)
    links.ask_correction(token, changed={"name": name}, found=links.facts(token), petition=signature.petition)
    if answer:
        assert requests.answer_next()


class TestCorrectedNames:
    """Seen to fail on the code of before: the old name stayed on the page until it was hidden."""

    def test_the_old_name_is_off_the_page_at_once_and_the_new_one_appears(self):
        petition = PetitionFactory(show_names=True)
        sign(petition=petition, person=person(name="Kari Nordmann"), language="nb", show_name=True)
        answered()
        names.prepare(timezone.now())
        assert PublicName.objects.get().first_name == "Kari"
        correct(of(petition, 0), "Karianne Nordmann", answer=False)
        assert not PublicName.objects.exists()
        names.prepare(timezone.now())  # before the new one is in
        assert not PublicName.objects.exists()
        assert requests.answer_next()
        names.prepare(timezone.now())
        assert PublicName.objects.get().first_name == "Karianne"

    def test_where_names_are_looked_at_the_new_one_is_too(self):
        petition = PetitionFactory(show_names=True, look_at_names=True)
        sign(petition=petition, person=person(name="Kari Nordmann"), language="nb", show_name=True)
        answered()
        names.prepare(timezone.now())
        PublicName.objects.update(waits=False)
        correct(of(petition, 0), "Karianne Nordmann")
        names.prepare(timezone.now())
        assert PublicName.objects.get().waits


class TestRestored:
    """Seen to fail on the code of before: the file told of erasures alone."""

    @pytest.fixture
    def log(self, settings, tmp_path):
        settings.ERASED_LOG = str(tmp_path / "erased.log")
        return tmp_path / "erased.log"

    def test_ended_consents_and_old_names_do_not_come_back(self, log, staff, capsys):
        petition = listed(PetitionFactory(show_names=True), 3, contact_action=True, contact_other=True, show_name=True)
        names.prepare(timezone.now())
        backup = {s.pk: (bytes(s.sealed), s.contact_other, s.show_name) for s in Signer.objects.all()}
        first, second, third = (of(petition, number) for number in range(3))
        links.end_consents(links.make_link(first, with_code=False)[0], [Consent.CONTACT_OTHER])
        names.hide(petition, [str(second.pk)], by=staff)
        correct(third, "Karianne Ny")
        assert erased_log.write() == 3
        assert erased_log.write() == 0
        for word in ("Karianne", "@"):
            assert word not in log.read_text()
        # The backup was made before.
        with connection.cursor() as cursor:
            cursor.execute("set local session_replication_role = replica")
            cursor.execute("delete from actions_consentrecord where not given")
            cursor.execute("delete from actions_auditrecord")
            for pk, (sealed, other, shown) in backup.items():
                cursor.execute("update actions_signer set sealed = %s, contact_other = %s, show_name = %s "
                               "where signature_id = %s", [sealed, other, shown, pk])  # fmt: skip
            cursor.execute("set local session_replication_role = origin")
        PublicName.objects.all().delete()
        names.prepare(timezone.now())
        assert PublicName.objects.count() == 3
        call_command("bury_again", str(log))
        assert "2 consents were ended again, and 1 names" in capsys.readouterr().out
        assert not Signer.objects.get(pk=first.pk).contact_other
        assert Signer.objects.get(pk=first.pk).contact_action
        assert consents.history(first.pk)[-1].way == "restore"
        assert not Signer.objects.get(pk=second.pk).show_name
        assert Signer.objects.get(pk=third.pk).name_is_old
        (told,) = erase.subject_access(email="signer2@example.org", by=staff, purpose="x")
        assert told["name_is_old"]
        names.prepare(timezone.now())
        assert list(PublicName.objects.values_list("pk", flat=True)) == [first.pk]
        made = packed(petition, staff)
        assert made.manifest["listed_by_name"] == 2
        call_command("bury_again", str(log))
        assert "0 consents were ended again, and 0 names" in capsys.readouterr().out
        correct(third, "Karianne Ny")
        assert not Signer.objects.get(pk=third.pk).name_is_old

    def test_what_the_backup_knows_of_stays_as_it_is(self, log):
        petition = PetitionFactory()
        sign(petition=petition, person=person(1), language="nb", contact_other=True)
        token, _code = links.make_link(of(petition, 0), with_code=False)
        links.end_consents(token, [Consent.CONTACT_OTHER])
        correct(of(petition, 0), "Ny Nordmann")
        assert erased_log.write() == 2
        consents.change(signatures=[of(petition, 0).pk], consents=[Consent.CONTACT_OTHER], given=True,
                        way=consents.Way.LINK)  # fmt: skip
        assert restoring.bury_again(erased_log.read(log)) == (0, 0, 0, 0, 0)
        assert Signer.objects.get().contact_other

    def test_who_said_that_it_was_somebody_else_is_not_signed_after_a_restore(self, log, staff):
        """Seen to fail: withdrawn again, and the address free for the stranger."""
        petition = PetitionFactory()
        several(petition)
        tables = backed_up()
        links.refuse(links.make_link(of(petition, 1), with_code=False)[0])
        erased_log.write()
        restored(tables)
        assert restoring.bury_again(erased_log.read(log)).erased == 1
        assert restoring.bury_again(erased_log.read(log)).erased == 0
        assert counting.total(petition) == 4
        sign(petition=petition, person=person(1), language="nb")
        assert counting.total(petition) == 4
        assert [row.never for row in Withdrawal.objects.all()] == [True]
        assert counting.counts(petition).agree

    @pytest.mark.parametrize("held_before", [True, False])
    @pytest.mark.parametrize("verb", ["withdraw", "erase"])
    def test_what_waits_for_the_end_of_a_hold_waits_again(self, log, staff, verb, held_before):
        """Seen to fail: the signature counted again, and nobody knew of the erasure."""
        petition = PetitionFactory()
        several(petition)
        if held_before:
            hold(petition, staff)
        tables = backed_up()
        if not held_before:
            hold(petition, staff)
        getattr(links, verb)(links.make_link(of(petition, 1), with_code=False)[0])
        number = counting.total(petition)
        erased_log.write()
        restored(tables)
        assert restoring.bury_again(erased_log.read(log)).waiting == 1
        assert restoring.bury_again(erased_log.read(log)).waiting == 0
        assert counting.total(petition) == number
        if not held_before:
            assert [alarm.petition for alarm in retention.look_at_holds(timezone.now())] == [petition]
            text = b"".join(files.read(exported(petition, staff).file)).decode()
            assert text.count('""') == 1  # the row of hers
            hold(petition, staff)
        assert retention.lift_legal_hold(petition=petition, by=staff, reason="over") == 1
        assert erase.signatures_of("signer1@example.org") == []
        assert counting.counts(petition).agree

    def test_who_is_buried_again_is_found_by_nobody(self, log, staff):
        petition = PetitionFactory()
        several(petition)
        signature = of(petition, 1)
        erase.erase_address(email="signer1@example.org", by=staff, purpose="x")
        erased_log.write()
        Tombstone.objects.all().delete()
        Withdrawal.objects.all().delete()
        Signature.objects.filter(pk=signature.pk).update(digest=signature.digest)
        Signer.objects.create(signature=signature, sealed=b"x", contact_action=False, contact_other=False)
        taken = exported(petition, staff)
        assert restoring.bury_again(erased_log.read(log)).erased == 1
        taken.refresh_from_db()
        assert taken.file is None
        assert erase.subject_access(email="signer1@example.org", by=staff, purpose="x") == []
        sign(petition=petition, person=person(1), language="nb")
        assert counting.total(petition) == 5


class TestLegalHold:
    """Seen to fail on the code of before: whoever asked was erased, hold or not."""

    @pytest.mark.parametrize("how", ["by staff", "by link"])
    def test_an_erasure_waits_for_its_end_and_nothing_is_used_meanwhile(self, how, staff):
        petition = listed(PetitionFactory(show_names=True), 2, contact_action=True, contact_other=True, show_name=True)
        names.prepare(timezone.now())
        hold(petition, staff)
        signature = of(petition, 1)
        sealed = bytes(signature.signer.sealed)
        leave(how, signature, "signer1@example.org", staff)
        assert bytes(Signer.objects.get(pk=signature.pk).sealed) == sealed
        assert WaitingErasure.objects.get().pk == signature.pk
        assert AuditRecord.objects.filter(verb="waits", signature_id=signature.pk).count() == 1
        assert not PublicName.objects.filter(pk=signature.pk).exists()
        signer = Signer.objects.get(pk=signature.pk)
        assert not any(getattr(signer, consent) for consent in Consent)
        assert packed(petition, staff).manifest["listed_by_name"] == 1
        text = b"".join(files.read(exported(petition, staff).file)).decode()
        assert text.count('""') == 1
        assert not Tombstone.objects.exists()
        assert retention.lift_legal_hold(petition=petition, by=staff, reason="over") == 1
        assert not Signer.objects.filter(pk=signature.pk).exists()
        assert erase.subject_access(email="signer1@example.org", by=staff, purpose="x") == []
        assert not SealedFile.objects.exists()
        assert counting.total(petition) == 2
        assert counting.counts(petition).agree

    def test_a_withdrawal_counts_at_once(self, staff):
        petition = PetitionFactory()
        sign(petition=petition, person=person(1), language="nb")
        hold(petition, staff)
        token, _code = links.make_link(of(petition, 0), with_code=False)
        assert links.withdraw(token) == "waits"
        assert counting.total(petition) == 0
        assert links.waits(token)
        assert links.erase(token) == "waits"
        sign(petition=petition, person=person(1), language="nb")
        assert counting.total(petition) == 1
        assert retention.lift_legal_hold(petition=petition, by=staff, reason="over") == 1
        assert Tombstone.objects.get().withdrawn
        assert Signer.objects.count() == 1
        assert not Withdrawal.objects.filter(taken=True).exists()

    def test_staff_are_told_how_many_wait(self, staff):
        free, held = PetitionFactory(), PetitionFactory()
        for petition in (free, held):
            sign(petition=petition, person=person(1), language="nb")
        hold(held, staff)
        receipt = erase.erase_address(email="signer1@example.org", by=staff, purpose="x")
        assert (receipt.signatures, receipt.waiting) == (1, 1)

    def test_an_alarm_is_raised_on_the_day(self, staff):
        petition = PetitionFactory()
        hold(petition, staff, days=3)
        now = timezone.now()
        assert retention.look_at_holds(now + timedelta(days=2)) == []
        (alarm,) = retention.look_at_holds(now + timedelta(days=3))
        assert (alarm.kind, alarm.petition) == (Alarm.Kind.HOLD, petition)
        assert retention.look_at_holds(now + timedelta(days=3)) == []
        retention.lift_legal_hold(petition=petition, by=staff, reason="over")
        assert retention.look_at_holds(now + timedelta(days=5)) == []

    def test_a_restored_hold_keeps_nobody_who_was_erased(self, staff, tmp_path):
        petition = PetitionFactory()
        sign(petition=petition, person=person(1), language="nb")
        hold(petition, staff)
        gone = restoring.Gone(of(petition, 0).pk, restoring.Verb.ERASED, "", timezone.now())
        assert restoring.bury_again([gone]).erased == 1
        assert not Signer.objects.exists()


def test_who_was_erased_by_an_earlier_version_is_found_no_more(staff):
    """What 0092 does to a database of before."""
    petition, over = PetitionFactory(), PetitionFactory()
    several(petition)
    several(over)
    signature = of(petition, 1)
    taken, left = exported(petition, staff), exported(over, staff)
    hold(petition, staff)
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute("delete from actions_signer where signature_id = %s", [signature.pk])
        cursor.execute("set local session_replication_role = origin")
        Tombstone.objects.create(signature_id=signature.pk, withdrawn=False)
        links.make_link(signature, with_code=False)
        Petition.objects.filter(pk=over.pk).update(forgotten_at=timezone.now())
        Petition.objects.filter(pk=petition.pk).update(hold_reason="", hold_until=None, hold_ground="")
        cursor.execute(import_module("actions.migrations.0092_gone_from_before").FORGET)
    assert not Signature.objects.filter(pk=signature.pk, digest=signature.digest).exists()
    assert (bytes((left_of := Withdrawal.objects.get()).digest), left_of.taken) == (bytes(signature.digest), True)
    assert not SignerLink.objects.exists()
    for one in (taken, left):
        one.refresh_from_db()
        assert one.file is None
    held = Petition.objects.get(pk=petition.pk)
    assert (held.hold_ground, held.hold_reason, held.hold_until) == ("claim", "court", datetime.now(UTC).date())
