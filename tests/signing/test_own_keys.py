"""Whether the secrets are those of this database: with others nobody is told that nothing is stored about them."""

from base64 import b64encode

import pytest
from django.utils import timezone

from actions.checks import keys_are_those_of_the_database
from actions.signing import alarms, own_keys
from actions.signing.models import Alarm, KeyCheck
from actions.signing.sign import sign
from tests.factories import PetitionFactory, action, person

pytestmark = pytest.mark.django_db
ANOTHER = b64encode(bytes(range(100, 132))).decode()


def told() -> list[str]:
    return [found.id.removeprefix("actions.") for found in keys_are_those_of_the_database(None)]


@pytest.fixture
def signed(site):
    petition = PetitionFactory()
    action(site, petition)
    sign(petition=petition, person=person(), language="nb")
    return petition


def test_a_database_knows_its_own_secret(signed, settings, client):
    """Noted where it is first used. Seen to fail before: another secret was noticed by nothing."""
    assert alarms.look_at_secret(timezone.now()) == []
    assert KeyCheck.objects.count() == 1
    assert told() == []
    assert client.get("/readyz").json()["keys"] == "ok"
    settings.SIGNER_DIGEST_SECRET = ANOTHER
    for surface in ("public", "staff"):
        settings.SURFACE = surface
        assert told() == ["E032"]
    assert client.get("/readyz").status_code == 503
    assert [alarm.kind for alarm in alarms.look_at_secret(timezone.now())] == [Alarm.Kind.SECRET]
    assert alarms.look_at_secret(timezone.now()) == [], "once a day"


def test_a_database_of_a_version_before_is_looked_at_first(signed, settings):
    """Seen to fail with the first secret that is met noted, whichever it is."""
    settings.SIGNER_DIGEST_SECRET, own = ANOTHER, settings.SIGNER_DIGEST_SECRET
    assert own_keys.note_digest_secret() is False
    assert not KeyCheck.objects.exists()
    settings.SIGNER_DIGEST_SECRET = own
    assert own_keys.note_digest_secret() is True


def test_a_key_that_opens_nothing_is_told(signed, settings, client):
    settings.SIGNER_MASTER_KEYS = [ANOTHER, *settings.SIGNER_MASTER_KEYS]
    assert told() == []
    settings.SIGNER_MASTER_KEYS = [ANOTHER]
    assert told() == ["E033"]
    assert client.get("/readyz").json()["keys"] == "of another database"
    settings.SURFACE = "public"
    assert told() == []


@pytest.mark.parametrize("button", ["show", "save", "erase"])
def test_nobody_is_told_that_nothing_is_stored_with_another_secret(button, signed, settings, admin_client):
    """Seen to fail before: “Nothing is stored about this address” about somebody who has signed."""
    own_keys.note_digest_secret()
    settings.SIGNER_DIGEST_SECRET = ANOTHER
    asked = {"email": person().email, "purpose": "case 7", button: ""}
    answer = admin_client.post("/admin/one-person/", asked, follow=True).content.decode()
    assert "SIGNER_DIGEST_SECRET" in answer
    assert "Nothing is stored" not in answer
