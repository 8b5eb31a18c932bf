"""One person over all actions: what is held, and erasing it."""

import pytest
from django.core.management import call_command

from actions.signing import counting, erase, links
from actions.signing.models import AuditRecord, Signature, Signer, SignerLink, Tombstone
from actions.signing.sign import sign
from tests.factories import PetitionFactory, person, several

pytestmark = pytest.mark.django_db


class TestOnePerson:
    def test_everything_about_an_address_is_given_over_all_actions(self, staff):
        one, two = PetitionFactory(name="one"), PetitionFactory(name="two")
        several(one), several(two)
        found = erase.subject_access(email="SIGNER1@example.org", by=staff, purpose="case 1")
        assert [entry["action"] for entry in found] == ["one", "two"]
        assert found[0]["person"]["email"] == "signer1@example.org"
        assert list(AuditRecord.objects.about_signers().order_by("id").values_list("verb", flat=True)) == [
            "searched", "disclosed", "disclosed"]  # fmt: skip

    def test_erasing_an_address_empties_it_everywhere_and_gives_a_receipt(self, staff):
        one, two = PetitionFactory(), PetitionFactory(counting="confirmed")
        several(one), several(two)
        signature = Signature.objects.filter(petition=one).order_by("id")[1]
        links.make_link(signature, with_code=False)
        others = set(Signer.objects.exclude(pk=signature.pk).values_list("sealed", flat=True))
        receipt = erase.erase_address(email="signer1@example.org", by=staff, purpose="case 2")
        assert receipt.signatures == 2
        assert counting.total(one) == 5
        assert Signer.objects.count() == 8
        assert {bytes(s) for s in Signer.objects.values_list("sealed", flat=True)} <= {bytes(s) for s in others}
        assert not SignerLink.objects.exists()
        records = AuditRecord.objects.filter(verb="erased")
        assert records.count() == 2
        assert all(receipt.number in record.purpose for record in records)
        sign(petition=one, person=person(1), language="nb")
        assert (counting.total(one), Signer.objects.count()) == (5, 8)
        again = erase.erase_address(email="signer1@example.org", by=staff, purpose="again")
        assert again.signatures == 0

    def test_a_restored_backup_is_made_to_forget_again(self, staff, settings, tmp_path, capsys):
        settings.ERASED_LOG = str(tmp_path / "erased.log")
        petition = PetitionFactory()
        several(petition)
        first, second = Signature.objects.order_by("id")[:2]
        token, _code = links.make_link(second, with_code=False)
        erase.erase_address(email="signer0@example.org", by=staff, purpose="x")
        links.withdraw(token)
        from actions.web import erased_log

        assert erased_log.write() == 2
        assert erased_log.write() == 0
        # The backup was made before: both are back, and nobody remembers.
        Tombstone.objects.all().delete()
        Signature.objects.filter(pk=second.pk).update(state="counted", digest=bytes(second.digest))
        for signature in (first, second):
            Signer.objects.create(signature=signature, sealed=b"x", contact_action=False, contact_other=False)
        counting.check(petition, repair=True)
        call_command("bury_again", settings.ERASED_LOG)
        assert "2 persons" in capsys.readouterr().out
        assert Signer.objects.count() == 3
        assert counting.total(petition) == 4
        assert counting.counts(petition).agree
        call_command("bury_again", settings.ERASED_LOG)
        assert "0 persons" in capsys.readouterr().out
