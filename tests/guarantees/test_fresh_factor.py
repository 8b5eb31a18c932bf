"""R32: whatever opens or changes what belongs to signers asks for the second factor anew.

Each view is followed through all it calls, workers included; one that leads to a sealed name, a sealed file or the
state of a signature and asks for nothing fails.
Seen to fail with names opened, signatures reviewed and notices sent again.
"""

import ast
import inspect
import time
from functools import cache
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache as kept
from django.urls import get_resolver, reverse

from actions.backoffice import second_factor
from actions.signing.models import AuditRecord
from actions.signing.sign import sign
from tests.codes import code
from tests.factories import PetitionFactory, person
from tests.guarantees.permission_matrix.asking import routes

ROOT = Path(__file__).resolve().parent.parent.parent
# What opens who signed, and what changes what counts.
DOORS = {
    ("actions.signing.sealing", "open_person"),
    ("actions.signing.sealing", "open_content"),
    ("actions.signing.files", "read"),
    ("actions.signing.erase", "move"),
    ("actions.signing.erase", "erase_signatures"),
    ("actions.signing.on_request", "correct"),
    ("actions.signing.on_request", "restrict"),
    ("actions.signing.incidents", "ids"),
    ("actions.signing.incidents", "tell"),
    ("actions.signing.register", "find"),
    ("actions.signing.one_signature", "find"),
    ("actions.signing.one_signature", "send_again"),
    ("actions.signing.lists", "put"),
    ("actions.signing.members", "replay"),
    ("actions.signing.limits", "change"),
    ("actions.signing.retention", "set_legal_hold"),
    ("actions.signing.retention", "lift_legal_hold"),
    ("actions.delivery.deliver", "deliver"),
    ("actions.delivery.paper", "confirm"),
    ("actions.mailing.send", "start"),
}

Node = tuple[str, str]


@cache
def calls() -> dict[Node, set[Node]]:
    """What every function and class of the project refers to, by module and name."""
    found: dict[Node, set[Node]] = {}
    for path in (ROOT / "actions").rglob("*.py"):
        if "migrations" in path.parts or "demo" in path.parts:
            continue
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(path.read_text())
        names = known_in(module, tree, is_package=path.name == "__init__.py")
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found[module, node.name] = set(referred(node, module, names))
    return found


def known_in(module: str, tree: ast.Module, *, is_package: bool) -> dict[str, Node]:
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            here = module.split(".") if is_package else module.split(".")[:-1]
            base = here[: len(here) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            names |= {alias.asname or alias.name: (source, alias.name) for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef) and node in tree.body:
            names[node.name] = (module, node.name)
    return names


def referred(node: ast.AST, module: str, names: dict[str, Node]):
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id in names:
            yield names[part.id]
        elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id in names:
            yield ".".join(names[part.value.id]), part.attr  # a name of a module that was imported


def doors_behind(view: Node) -> set[Node]:
    seen, left = set(), [view]
    while left:
        node = left.pop()
        if node not in seen:
            seen.add(node)
            left += calls().get(node, ())
    return seen & DOORS


def views():
    """Our own views of the admin: the guarded function or the class, and what it is called."""
    for _name, _route, pattern in routes(get_resolver().url_patterns):
        view = pattern_view(pattern)
        plain = inspect.unwrap(getattr(view, "view_class", view))
        if plain.__module__.startswith("actions.backoffice"):
            yield view, (plain.__module__, plain.__name__)


def pattern_view(wanted):
    return _callbacks()[id(wanted)]


@cache
def _callbacks():
    found = {}

    def walk(patterns):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                walk(pattern.url_patterns)
            else:
                found[id(pattern.pattern)] = pattern.callback

    walk(get_resolver().url_patterns)
    return found


def asks(view) -> str:
    """The right whose owners are asked for the factor, through all the decorators."""
    while view is not None:
        if found := getattr(view, "asks", ""):
            return found
        view = getattr(view, "__wrapped__", None)
    return ""


def test_no_view_opens_or_changes_signers_unasked():
    behind = {node: (asks(view), doors_behind(node)) for view, node in views()}
    leading = {node for node, (_asks, doors) in behind.items() if doors}
    assert len(leading) >= 15, "the test sees no doors"
    assert {name for _module, name in leading} >= {"signatures", "review_signatures", "one_person", "export_file"}
    assert not {node: doors for node, (right, doors) in behind.items() if doors and not right}


PASSWORD, SECRET = "a long password here", "JBSWY3DPEHPK3PXP"


@pytest.fixture
def stale(client, staff, settings, monkeypatch, locales):
    """Somebody who passed the second factor eleven minutes ago."""
    settings.SECOND_FACTOR_REQUIRED = True
    kept.clear()
    TOTP.activate(staff, SECRET)
    client.post(reverse("account_login"), {"login": "staff", "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": code(SECRET)})
    later = time.time() + second_factor.FRESH + 1
    monkeypatch.setattr(second_factor.time, "time", lambda: later)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("screen", ["signatures", "review"])
def test_the_screen_asks_when_it_is_opened_and_leads_back_with_its_filter(stale, screen):
    address = reverse(f"petition:{screen}", args=[PetitionFactory().pk])
    answer = stale.get(address, {"country": "NO"})
    assert answer.url.startswith(reverse("mfa_reauthenticate"))
    assert "country%3DNO" in answer.url


@pytest.mark.django_db
def test_names_are_not_opened_long_after_the_factor(stale, monkeypatch):
    petition = PetitionFactory()
    sign(petition=petition, person=person(name="Zanzibar"), language="nb")
    later = time.time() + second_factor.STILL_FRESH + 1
    monkeypatch.setattr(second_factor.time, "time", lambda: later)
    address = reverse("petition:signatures", args=[petition.pk])
    answer = stale.post(address, {"open": "", "names-purpose": "case"}, headers={"referer": f"{address}?country=NO"})
    assert answer.url.startswith(reverse("mfa_reauthenticate"))
    assert "country%3DNO" in answer.url
    assert not AuditRecord.objects.about_signers().exists()
