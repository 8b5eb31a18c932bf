"""R11: whatever the admin shows somebody, it opens for them: menus, the first page, lists, tabs and buttons.

The menus, the first page and what they lead to are rendered, for their links are followed. Of what those lead to, each
view is rendered once for each role: whether it opens is decided before (`test_asking.test_no_tag_refuses`).
"""

import html
import json
import re
from collections.abc import Iterator
from contextlib import nullcontext
from urllib.parse import urljoin, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from tests.codes import code

from .asking import ROLES, no_words

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
    assert_everything_opens(inside(role))


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_the_same_with_every_screen_rendered(role, inside):
    assert_everything_opens(inside(role), whole=True)


def assert_everything_opens(client: Client, *, whole: bool = False) -> None:
    home = reverse("wagtailadmin_home")
    first = client.get(home).content.decode()
    found = dict.fromkeys([*menu(first), *links(first, home)], home)
    assert len(found) > 5
    seen, wrong, drawn = {home}, [], set()
    for is_last in (False, True):  # the menus and the first page; then all lists, tabs and buttons there
        further: dict[str, str] = {}
        for address in found:
            if address in seen or NOT_OPENED.search(address):
                continue
            seen.add(address)
            with no_words() if is_last and not whole and route(address) in drawn else nullcontext():
                answer = client.get(address, follow=True)
            drawn.add(route(address))
            last = answer.redirect_chain[-1][0] if answer.redirect_chain else address
            if answer.status_code != 200 or last == home:
                wrong.append((found[address], address, answer.status_code, last))
            elif "text/html" in answer.headers["Content-Type"] and not answer.streaming:
                further |= dict.fromkeys(links(answer.content.decode(), address), address)
        found = further
    assert not wrong


def route(address: str) -> str:
    """What the resolver knows the address as, whatever it asks about; itself where there is none."""
    try:
        return resolve(urlsplit(address).path).route
    except Resolver404:
        return address


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
