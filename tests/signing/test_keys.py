"""Keys that open signers: given, changed, destroyed."""

import pytest
from django.core.management import CommandError, call_command

from actions.rules.errors import Forgotten, NotOpen
from actions.signing import audit, counting, erase, keys, life, reading
from actions.signing.models import Petition, PetitionSecret, Signer
from actions.signing.sign import sign
from tests.factories import PetitionFactory, person, several

pytestmark = pytest.mark.django_db

OTHER_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


class TestKeys:
    def test_rotation_wraps_anew_and_old_signers_still_open(self, settings, capsys):
        petition = PetitionFactory()
        several(petition, 2)
        old = settings.SIGNER_MASTER_KEYS
        settings.SIGNER_MASTER_KEYS = [OTHER_KEY, *old]
        call_command("signer_keys", "status")
        call_command("signer_keys", "rotate")
        assert "1 keys were wrapped" in capsys.readouterr().out
        settings.SIGNER_MASTER_KEYS = [OTHER_KEY]
        petition = Petition.objects.get()
        found = reading.read(signer=Signer.objects.first(), petition=petition, verb=audit.Verb.OPENED)
        assert found.name == "Kari Nordmann"
        assert keys.rotate() == 0
        settings.SIGNER_MASTER_KEYS = old
        with pytest.raises(CommandError):
            call_command("signer_keys", "status")
        with pytest.raises(CommandError):
            call_command("signer_keys", "rotate")

    def test_destroying_ends_reading_testing_and_signing_for_good_and_keeps_the_total(self, staff):
        petition, other = PetitionFactory(), PetitionFactory()
        several(petition), several(other)
        call_command("signer_keys", "destroy", str(petition.pk), "--reason", "asked", "--yes")
        petition = Petition.objects.get(pk=petition.pk)
        assert counting.total(petition) == 5
        assert not PetitionSecret.objects.filter(petition=petition).exists()
        assert bytes(petition.digest_salt) == b""
        with pytest.raises(keys.KeyLost):
            reading.read(signer=Signer.objects.filter(signature__petition=petition).first(), petition=petition,
                         verb=audit.Verb.OPENED)  # fmt: skip
        with pytest.raises(NotOpen):
            sign(petition=petition, person=person(1), language="nb")
        assert erase.signatures_of("signer1@example.org")[0].petition == other
        keys.give_keys(petition)
        assert bytes(petition.public_key) == b""
        life.close_now(petition=petition, by=staff, reason="x")
        with pytest.raises(Forgotten):
            life.reopen(petition=Petition.objects.get(pk=petition.pk), ends_at=None, by=staff, reason="x")

    def test_a_petition_that_is_not_there(self):
        with pytest.raises(CommandError):
            call_command("signer_keys", "destroy", "999", "--reason", "x", "--yes")
