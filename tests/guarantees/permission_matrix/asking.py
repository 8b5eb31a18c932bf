"""Every address the resolver knows, asked by every kind of person, and the letter for what each of them gets.

`table.txt` has a line for each address and method, and a letter for each role:

    y  it is shown or done        n  refused (401, 403, or back to the first page with a message)
    l  sent to the log-in         0  not there for this role (404)
    r  sent on within the site    m  this method is not known there         b  a bad request

A new address without a line fails, and so does every letter that changes. After looking at what changed:

    WRITE_MATRIX=1 .venv/bin/python -m pytest tests/guarantees/permission_matrix/test_{get,post}.py

The letter is decided before a template is rendered (`test_no_tag_refuses` holds it), and nearly half of the time goes
into rendering. So the normal run renders each screen for the superuser and for one of the roles that get it; what
is ours, or holds something of ours, for everybody. The long form renders everything for everybody.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from zlib import crc32

import pytest
from django.db import transaction
from django.template.backends.django import Template
from django.test import Client
from django.urls import NoReverseMatch, Resolver404, get_resolver, resolve, reverse
from django.utils.safestring import mark_safe

TABLE = Path(__file__).with_name("table.txt")
ROLES = ["Editor", "Publisher", "Translator", "Signature officer", "Data-protection officer", "Administrator"]
ACTORS = ["anonymous", *ROLES, "superuser"]
MARK = "Zanzibarmarkør"

SPECIAL = {
    "wagtail_bulk_action": {"app_label": "wagtailcore", "model_name": "page", "action": "delete"},
    "wagtailadmin_pages:choose_parent": {"app_label": "actions", "model_name": "actionpage"},
    "wagtailadmin_tag_model_autocomplete": {"app_name": "taggit", "model_name": "tag"},
    "wagtailadmin_workflows:add_task": {"app_label": "wagtailcore", "model_name": "groupapprovaltask"},
    "wagtailadmin_editing_sessions:ping": {"app_label": "actions", "model_name": "actionpage"},
}
UNNAMED = {"admin/test404/": "/admin/test404/", "admin/^.*/$": "/admin/nothing/here/", "admin/login/": "/admin/login/"}
WITH_ARGUMENTS = {"wagtaildocs_serve": (1, "x.pdf"), "wagtail_serve": ("aksjoner/",)}
# Made to fail: it tests error reports.
LEFT_OUT = {"wagtailadmin_error_test"}


def routes(patterns, prefix="", namespaces=()):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from routes(pattern.url_patterns, prefix + str(pattern.pattern), inner)
        else:
            yield ":".join([*namespaces, pattern.name or ""]), prefix + str(pattern.pattern), pattern.pattern


def addresses(things) -> dict[str, str]:
    """An address for every route, by its name and the values it takes."""
    found = {}
    for name, route, pattern in routes(get_resolver().url_patterns):
        if name in LEFT_OUT:
            continue
        wanted = sorted(pattern.regex.groupindex)
        label = " ".join([name or route, *wanted])
        found[label] = _address(name, route, wanted, things)
    return found


def _address(name: str, route: str, wanted: list[str], things) -> str:
    if not name or name.endswith(":"):
        return UNNAMED[route]
    if name in WITH_ARGUMENTS:
        return reverse(name, args=WITH_ARGUMENTS[name])
    known = things["values"] | things["by_namespace"].get(name.rpartition(":")[0], {}) | SPECIAL.get(name, {})
    values = {key: known.get(key, 1) for key in wanted}
    try:
        return reverse(name, kwargs=values)
    except NoReverseMatch:
        return "/" + route.replace("^", "").replace("$", "").replace("(_mime)?", "")


def is_ours(address: str) -> bool:
    return view_of(address).__module__.startswith("actions.")


def view_of(address: str):
    try:
        return resolve(address).func
    except Resolver404:  # a route whose values cannot be worked out; the answer is in the table all the same
        return resolve


def outcome(response) -> str:
    status = response.status_code
    if status in (301, 302, 303):
        to = response.headers["Location"]
        if to.startswith(("/staff/login", "/admin/login")):
            return "l"
        if to == "/admin/":
            return "n"
        return "0" if to.startswith("/nb/") and response.wsgi_request.path.startswith(("/admin", "/doc")) else "r"
    return {401: "n", 403: "n", 404: "0", 405: "m", 400: "b"}.get(
        status, "y" if status < 400 else "!" if status >= 500 else "b"
    )


class Undone(Exception):
    """Takes back what a request changed."""


# Screens of Wagtail's that hold panels of ours.
WITH_OURS = {"wagtailadmin_home", "wagtailadmin_explore_root", "wagtailadmin_explore", "wagtailadmin_pages:edit"}


def is_whole(label: str, address: str, actor: str, letters: str) -> bool:
    """Whether the normal run renders what this actor gets there."""
    model = getattr(view_of(address), "view_initkwargs", {}).get("model")
    of_ours = getattr(model, "__module__", "").startswith("actions.")
    if is_ours(address) or of_ours or label.split()[0] in WITH_OURS:
        return True
    turn = [role for role in ROLES if letters[ACTORS.index(role)] == "y"] or ROLES
    return actor in ("anonymous", "superuser", turn[crc32(label.encode()) % len(turn)])


@contextmanager
def no_words() -> Iterator[None]:
    """Answers with nothing in the place of what templates would say."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "render", lambda *_given, **_more: mark_safe(""))
        yield


def ask(client: Client, method: str, address: str):
    """One request, whose changes and cookies are taken back."""
    cookies = client.cookies.copy()
    found = []
    try:
        with transaction.atomic():
            response = getattr(client, method.lower())(address)
            body = b"" if response.streaming else response.content
            found = [response, body.decode(errors="replace")]
            raise Undone
    except Undone:
        pass
    client.cookies = cookies
    return found


def table() -> dict[tuple[str, str], str]:
    """The checked-in letters, one for each of ACTORS, by method and address."""
    found = {}
    for line in TABLE.read_text().splitlines()[1:] if TABLE.exists() else []:
        where, letters = line.rsplit(maxsplit=1)
        method, label = where.split(maxsplit=1)
        found[method, label] = letters
    return found


def write(known: dict[tuple[str, str], str]) -> None:
    lines = [f"{method:4} {label:75} {letters}" for (method, label), letters in sorted(known.items(), key=_order)]
    TABLE.write_text(f"# {' '.join(ACTORS)}\n" + "\n".join(lines) + "\n")


def _order(line) -> tuple[str, str]:
    (method, label), _letters = line
    return label, method


def assert_column(things, client: Client, actor: str, method: str, *, whole: bool = False) -> None:
    """Ask all addresses as one actor; assert that each answer is the table's, names no signer, and does not break."""
    place, seen, wrong, known = ACTORS.index(actor), {}, [], table()
    for label, address in addresses(things).items():
        letters = known.get((method, label), "?" * len(ACTORS))
        with nullcontext() if whole or is_whole(label, address, actor, letters) else no_words():
            response, body = ask(client, method, address)
        seen[method, label] = letter = outcome(response)
        if MARK in body:
            wrong.append(f"{label} names a signer")
        # Some of Wagtail's editors break on a POST that holds nothing.
        if letter == "!" and (method == "GET" or is_ours(address)):
            wrong.append(f"{label} breaks")
    if os.environ.get("WRITE_MATRIX"):
        _write_column(known, seen, place)
        known = table()
    assert not wrong
    assert seen == {line: letters[place] for line, letters in known.items() if line[0] == method}


def _write_column(known: dict[tuple[str, str], str], seen: dict[tuple[str, str], str], place: int) -> None:
    assert "PYTEST_XDIST_WORKER" not in os.environ, "one process only: several would lose columns"
    for line, letter in seen.items():
        letters = known.get(line, "?" * len(ACTORS))
        known[line] = letters[:place] + letter + letters[place + 1 :]
    methods = {method for method, _label in seen}
    write({line: letters for line, letters in known.items() if line in seen or line[0] not in methods})
