"""R32: sessions end, and dangerous screens ask for the second factor anew.

Seen to fail with the age of the factor ignored.
"""

import time

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from actions.backoffice import own_sessions, second_factor
from actions.signing.models import AuditRecord
from tests.codes import code
from tests.factories import PetitionFactory

from .logging_in import PASSWORD, SECRET, account

pytestmark = pytest.mark.django_db


DANGEROUS = ["exports", "deliveries", "life", "hold", "imports"]


@pytest.mark.parametrize("screen", DANGEROUS)
def test_dangerous_screens_ask_again_after_a_while(inside, locales, screen, monkeypatch):
    address = reverse(f"petition:{screen}", args=[PetitionFactory().pk])
    assert inside.get(address).status_code == 200
    later = time.time() + second_factor.FRESH + 1
    monkeypatch.setattr(second_factor.time, "time", lambda: later)
    answer = inside.get(address)
    assert answer.url.startswith(reverse("mfa_reauthenticate"))
    assert inside.get(reverse("petition:desk", args=[1]), follow=True).status_code in (200, 404)


def test_a_form_that_took_long_is_not_carried_out_and_nothing_typed_is_kept(inside, locales, monkeypatch):
    """Somebody's address must not lie in a session while the second factor is asked for."""
    address = reverse("person:index")
    later = time.time() + second_factor.STILL_FRESH + 1
    monkeypatch.setattr(second_factor.time, "time", lambda: later)
    data = {"email": "kari@example.org", "purpose": "case", "show": ""}
    answer = inside.post(address, data, headers={"referer": f"http://testserver{address}"})
    assert answer.url.startswith(reverse("mfa_reauthenticate"))
    assert "one-person" in answer.url
    assert "kari" not in str(dict(inside.session))
    assert not AuditRecord.objects.about_signers().exists()
    assert "Ingenting ble gjort" in inside.get(answer.url).content.decode()


def test_confirming_again_leads_on(inside, locales, monkeypatch):
    address = reverse("petition:exports", args=[PetitionFactory().pk])
    session = inside.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time() - 3600, "type": "totp"}]
    session.save()
    answer = inside.get(address)
    caches["log_in"].clear()  # a code is taken once
    answer = inside.post(answer.url, {"code": code(SECRET), "next": address})
    assert answer.url == address
    assert inside.get(address).status_code == 200


@pytest.mark.parametrize(
    ("key", "seconds"), [("staff_seen", second_factor.IDLE), ("staff_begun", second_factor.LONGEST)]
)
def test_sessions_end(inside, key, seconds):
    inside.get("/admin/")
    session = inside.session
    session[key] = time.time() - seconds - 1
    session.save()
    answer = inside.get("/admin/")
    assert answer.url.startswith(reverse("account_login"))
    assert "_auth_user_id" not in inside.session


def test_public_pages_neither_know_nor_note_the_session(inside, site):
    inside.get("/admin/")
    answer = inside.get("/nb/")
    assert "Set-Cookie" not in answer.headers
    assert "sessionid" not in answer.cookies


def test_one_sees_where_one_is_logged_in_and_logs_out_everywhere_else(inside, enrolled):
    inside.get("/admin/", headers={"user-agent": "Firefox"})
    other, address = Client(), reverse("own_sessions")
    other.force_login(enrolled)
    somebody = Client()
    body = inside.get(address).content.decode()
    assert body.count("<tr>") == 3
    assert "Du er ikke logget inn" not in body
    inside.post(address)
    assert [session.is_this for session in own_sessions.sessions_of(enrolled, current=inside.session.session_key)] == [
        True
    ]
    assert inside.get("/admin/").status_code == 200
    assert other.get("/admin/").url.startswith(reverse("account_login")[:7])
    assert somebody.get(address).url.startswith(reverse("account_login"))


@pytest.mark.parametrize("change", ["factor", "password"])
def test_a_changed_factor_or_password_ends_the_other_sessions(
    inside, enrolled, change, told, django_capture_on_commit_callbacks
):
    other = Client()
    other.force_login(enrolled)
    session = other.session
    session.update({name: value for name, value in inside.session.items() if name.startswith("account_auth")})
    session.save()
    assert other.get("/admin/").status_code == 200
    if change == "factor":
        caches["log_in"].clear()
        address = reverse("mfa_generate_recovery_codes")
        inside.post(reverse("mfa_reauthenticate"), {"code": code(SECRET), "next": address})
        with django_capture_on_commit_callbacks(execute=True):
            inside.post(address)
        assert "gjenopprettingskoder" in told[-1].body
    else:
        new = dict.fromkeys(("password__new_password1", "password__new_password2"), "quite another password")
        sent = account(inside, password__old_password=PASSWORD, **new)
        assert inside.post(reverse("wagtailadmin_account"), sent).status_code == 302
    assert inside.get("/admin/").status_code == 200
    assert other.get("/admin/").url.startswith(reverse("account_login"))


def test_cookies_of_production_are_of_one_host():
    """Seen to fail with Django's names: another host below the same domain could set them."""
    from mysite.settings import base

    for name in (base.SESSION_COOKIE_NAME, base.CSRF_COOKIE_NAME, base.KNOWN_DEVICE_COOKIE_NAME):
        assert name.startswith("__Host-")
    assert base.SESSION_COOKIE_SECURE
    assert base.CSRF_COOKIE_SECURE
    assert not getattr(base, "SESSION_COOKIE_DOMAIN", None)
    assert not getattr(base, "CSRF_COOKIE_DOMAIN", None)
    assert base.MESSAGE_STORAGE.endswith("SessionStorage")  # and no cookie for messages at all
