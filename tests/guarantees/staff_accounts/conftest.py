"""Staff with a second factor, who have logged in."""

from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.urls import reverse

from actions.backoffice import account_mails, password_reset
from tests.codes import code

from .logging_in import SECRET, log_in


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True
    cache.clear()


@pytest.fixture
def enrolled(staff):
    TOTP.activate(staff, SECRET)
    return staff


@pytest.fixture
def inside(client, enrolled):
    """A client that has logged in with both steps."""
    assert log_in(client).url == reverse("mfa_authenticate")
    assert client.post(reverse("mfa_authenticate"), {"code": code(SECRET)}).url == "/admin/"
    return client


@pytest.fixture
def told(monkeypatch, mailoutbox):
    """The mails that workers send, sent at once."""
    for module, name in ((account_mails, "mail"), (password_reset, "send_links")):
        monkeypatch.setattr(module, name, SimpleNamespace(enqueue=getattr(module, name).func))
    return mailoutbox
