"""The key of staff's second factors is changed without anybody having to set one up anew."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import decrypt
from cryptography.fernet import InvalidToken
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db
OLD, NEW = "the old key of staff", "the new key of staff"


@pytest.fixture
def factors(staff, settings):
    """A TOTP secret, recovery codes and a security key, set up with the old key; and the secret."""
    settings.SECRET_KEY = OLD
    secret = generate_totp_secret()
    TOTP.activate(staff, secret)
    codes = RecoveryCodes.activate(staff).get_unused_codes()
    Authenticator.objects.create(user=staff, type="webauthn", data={"credential": {"id": "x"}})
    return secret, codes


def opened(staff) -> tuple[str, list[str]]:
    mine = {one.type: one for one in Authenticator.objects.filter(user=staff)}
    assert mine["webauthn"].data == {"credential": {"id": "x"}}
    return decrypt(mine["totp"].data["secret"]), RecoveryCodes(mine["recovery_codes"]).get_unused_codes()


def test_the_key_before_still_opens_them(factors, staff, settings):
    """Seen to fail with one key alone."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert opened(staff) == factors


def test_sealed_anew_they_open_with_the_new_key_alone(factors, staff, settings, capsys):
    """Seen to fail without the recovery codes' seed."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    call_command("seal_factors")
    assert capsys.readouterr().out.startswith("2 second factors")
    settings.SECRET_KEY_FALLBACKS = []
    assert opened(staff) == factors
    settings.SECRET_KEY = OLD
    with pytest.raises(InvalidToken):
        opened(staff)


def test_where_the_key_before_is_missing_nothing_is_changed(factors, staff, settings):
    settings.SECRET_KEY = NEW
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("seal_factors")
    settings.SECRET_KEY = OLD
    assert opened(staff) == factors
