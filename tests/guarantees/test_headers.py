"""R18: every class of answer tells the browser to be strict, by the rules of MDN's HTTP Observatory.

The rules are its published ones (https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring): 100 points,
modifiers taken off for what is missing, bonuses for what is strict. Only what our headers can decide is counted.
"""

import re

import pytest
from django.core.management import call_command
from django.urls import reverse

from actions.signing.models import SigningRules
from tests.factories import PetitionFactory, action, image

GOOD = {"name": "Kari Nordmann", "email": "kari@example.org"}


@pytest.fixture
def page(site):
    return action(site, PetitionFactory(), hero_image=image())


def csp(answer) -> dict[str, list[str]]:
    parts = (part.split() for part in answer["Content-Security-Policy"].split(";"))
    return {part[0]: part[1:] for part in parts if part}


def score(answer) -> int:
    """Points by the Observatory's rules for what headers decide."""
    points, policy = 100, csp(answer)
    scripts = policy.get("script-src", policy.get("default-src", []))
    styles = policy.get("style-src", policy.get("default-src", []))
    if "'unsafe-inline'" in scripts or "'unsafe-eval'" in scripts or "data:" in scripts or not scripts:
        points -= 20
    elif policy.get("default-src") == ["'none'"] and "'unsafe-inline'" not in styles:
        points += 10
    else:
        points += 5
    for cookie in answer.cookies.values():
        if not (cookie["secure"] and cookie["httponly"]):
            points -= 20
    hsts = re.search(r"max-age=(\d+)", answer.get("Strict-Transport-Security", ""))
    points += 0 if hsts and int(hsts[1]) >= 15_768_000 else -20
    if answer.get("Referrer-Policy") in (
        "no-referrer",
        "same-origin",
        "strict-origin",
        "strict-origin-when-cross-origin",
    ):
        points += 5
    points += 0 if answer.get("X-Content-Type-Options") == "nosniff" else -5
    if "frame-ancestors" in policy:
        points += 5
    elif answer.get("X-Frame-Options") not in ("DENY", "SAMEORIGIN"):
        points -= 20
    if answer.get("Cross-Origin-Resource-Policy") in ("same-origin", "same-site"):
        points += 10
    return points


def full(client, page):
    return client.get(page.get_url())


def redirect(client, page):
    return client.post(page.get_url(), GOOD)


def missing(client, page):
    return client.get("/nb/nothing-here/")


def method(client, page):
    return client.post(page.get_parent().get_url(), GOOD)


def wrong(client, page):
    return client.post(page.get_url(), {})


def paused(client, page):
    SigningRules.objects.update_or_create(defaults={"paused": True})
    page.petition.paused = True
    page.petition.save()
    return client.post(page.get_url(), GOOD)


def foreign(client, page):
    return client.post(page.get_url(), GOOD, headers={"Sec-Fetch-Site": "cross-site"})


def one_person(client, page):
    return client.get("/nb/my-signature/")


CLASSES = {
    200: full,
    303: redirect,
    404: missing,
    405: method,
    409: paused,
    422: wrong,
    403: foreign,
    "one person's": one_person,
}


@pytest.fixture
def https(settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True


@pytest.mark.parametrize("kind", CLASSES)
def test_every_class_of_answer_scores_120_or_more(kind, page, client, https):
    client.defaults["HTTP_X_FORWARDED_PROTO"] = "https"
    answer = CLASSES[kind](client, page)
    assert kind in (answer.status_code, "one person's"), answer.status_code
    assert score(answer) >= 120, dict(answer.items())
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize(("status", "error"), [(503, "OperationalError"), (500, "RuntimeError")])
def test_errors_are_as_strict(status, error, page, client, https, monkeypatch):
    from django.db import OperationalError

    def fails(*args):
        raise {"OperationalError": OperationalError, "RuntimeError": RuntimeError}[error]

    client.raise_request_exception = False
    client.defaults["HTTP_X_FORWARDED_PROTO"] = "https"
    monkeypatch.setattr("actions.web.serving.action_route", fails)
    answer = client.get(page.get_url())
    assert answer.status_code == status
    assert score(answer) >= 120


def test_static_files_are_as_strict_but_may_be_used_elsewhere(client, https, settings, tmp_path):
    client.defaults["HTTP_X_FORWARDED_PROTO"] = "https"
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", "--no-input", verbosity=0)
    answer = client.get("/static/js/page.js")
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert score(answer) >= 110  # the ten points of CORP are for answers nobody else may use


def test_public_pages_have_nothing_inline(page, client):
    """Data for search engines is no script: it is never run."""
    for path in (page.get_url(), page.get_url() + "thanks/", page.get_url() + "privacy/", "/nb/", "/nb/my-signature/"):
        text = client.get(path).content.decode()
        assert not re.search(r"<script(?![^>]* src=)(?![^>]*application/ld\+json)", text), path
        assert "<style" not in text, path
        assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", text), path


def test_the_admin_is_framed_by_nobody_else_and_asks_no_other_host(staff_client, site):
    policy = csp(staff_client.get("/admin/"))
    assert policy["frame-ancestors"] == ["'self'"]
    assert policy["default-src"] == ["'none'"]
    assert policy["connect-src"] == ["'self'"]
    assert not any("http" in source for sources in policy.values() for source in sources)


OWN = ["desk", "signatures", "review", "paper", "deliveries", "exports", "imports", "life", "hold"]
INLINE = re.compile(
    r"<script(?![^>]* src=)(?![^>]*application/json)[^>]*>|<[^>]+\son[a-z]+=|href=.javascript:", re.IGNORECASE
)


@pytest.mark.parametrize("screen", OWN)
def test_screens_that_show_signers_run_nothing_inline(staff_client, page, screen):
    """Seen to fail with Wagtail's fields for days, and with one policy for all of the admin."""
    answer = staff_client.get(reverse(f"petition:{screen}", args=[page.petition_id]))
    assert answer.status_code == 200
    assert csp(answer)["script-src"] == ["'self'"]
    assert not INLINE.search(answer.content.decode())


@pytest.mark.parametrize(
    "name", ["account_login", "mfa_index", "own_sessions", "mfa_activate_totp", "mfa_add_webauthn"]
)
def test_the_log_in_runs_nothing_inline(client, staff_client, name, db):
    asking = client if name == "account_login" else staff_client
    if name == "account_login":
        asking.logout()
    answer = asking.get(reverse(name), follow=True)
    assert answer.status_code == 200
    assert csp(answer)["script-src"] == ["'self'"]
    assert not INLINE.search(answer.content.decode())


@pytest.mark.parametrize("name", ["wagtailadmin_home", "petition:index", "petition:add"])
def test_wagtails_own_screens_run_no_handlers_in_attributes(staff_client, site, name):
    assert csp(staff_client.get(reverse(name)))["script-src-attr"] == ["'none'"]
