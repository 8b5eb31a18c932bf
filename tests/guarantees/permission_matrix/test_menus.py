"""R11: whatever the admin shows somebody, it opens for them: menus, the first page, lists, tabs and buttons."""

import html
import json
import re
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.codes import code

from .asking import ROLES

pytestmark = pytest.mark.django_db
PASSWORD, SECRET = "a long password here", "JBSWY3DPEHPK3PXP"
# Asked with a POST, filled in by a script, or leading out of the admin.
# Or shown by Wagtail 8.0.1 beside a page that one may see and not change: where else it is used.
NOT_OPENED = re.compile(r"/admin/(logout|sprite|jsi18n|bulk)/|/staff/logout|/admin/pages/\d+/usage/")


@pytest.fixture
def inside(things, settings, django_user_model):
    """`inside("Editor")`: somebody of that role, logged in with both steps."""
    settings.SECOND_FACTOR_REQUIRED = True
    cache.clear()

    def log_in(role: str) -> Client:
        user = django_user_model.objects.create_user("somebody", "somebody@example.org", PASSWORD)
        user.groups.add(Group.objects.get(name=role))
        TOTP.activate(user, SECRET)
        client = Client(raise_request_exception=False)
        client.post(reverse("account_login"), {"login": "somebody", "password": PASSWORD})
        assert client.post(reverse("mfa_authenticate"), {"code": code(SECRET)}).url == reverse("wagtailadmin_home")
        return client

    return log_in


@pytest.mark.parametrize("role", ROLES)
def test_everything_that_is_shown_opens(role, inside):
    """Seen to fail with a menu item that is shown to everybody: two roles were thrown back to the first page."""
    client = inside(role)
    home = reverse("wagtailadmin_home")
    first = client.get(home).content.decode()
    found = dict.fromkeys([*menu(first), *links(first, home)], home)
    assert len(found) > 5
    seen, wrong = {home}, []
    for _step in range(2):  # the menus and the first page; then all lists, tabs and buttons there
        further: dict[str, str] = {}
        for address in found:
            if address in seen or NOT_OPENED.search(address):
                continue
            seen.add(address)
            answer = client.get(address, follow=True)
            last = answer.redirect_chain[-1][0] if answer.redirect_chain else address
            if answer.status_code != 200 or last == home:
                wrong.append((found[address], address, answer.status_code, last))
            elif "text/html" in answer.headers["Content-Type"] and not answer.streaming:
                further |= dict.fromkeys(links(answer.content.decode(), address), address)
        found = further
    assert not wrong


def menu(page: str) -> Iterator[str]:
    """The addresses in the sidebar, which a script draws."""
    (props,) = re.findall(r'<script[^>]*id="wagtail-sidebar-props"[^>]*>(.*?)</script>', page, re.DOTALL)
    yield from _urls(json.loads(props))


def _urls(value) -> Iterator[str]:
    if isinstance(value, dict):
        if str(value.get("url", "")).startswith("/"):
            yield value["url"]
        for inner in value.values():
            yield from _urls(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _urls(inner)


def links(page: str, address: str) -> Iterator[str]:
    """The addresses of the admin that a page links to."""
    for found in re.findall(r'href="([^"#]+)', page):
        there = urljoin(address, html.unescape(found))
        if there.startswith(("/admin/", "/staff/")):
            yield there
