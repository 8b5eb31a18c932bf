"""The table itself: what was written is what is read, and nothing that a template calls decides who gets what."""

import inspect
from collections.abc import Iterator
from importlib import import_module

import pytest
from django.forms import Widget
from django.template import engines
from laces.components import Component
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import Panel

from . import asking


def test_what_is_written_is_what_is_read(tmp_path, monkeypatch):
    before, known = asking.TABLE.read_text(), asking.table()
    monkeypatch.setattr(asking, "TABLE", tmp_path / "table.txt")
    asking.write(known)
    assert asking.table() == known
    assert asking.TABLE.read_text() == before


def test_a_column_is_written_beside_the_others_and_what_is_gone_goes(tmp_path, monkeypatch):
    monkeypatch.setattr(asking, "TABLE", tmp_path / "table.txt")
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    known = {("GET", "here pk"): "abcdefgh", ("GET", "gone"): "abcdefgh", ("POST", "there"): "abcdefgh"}
    asking._write_column(known, {("GET", "here pk"): "y", ("GET", "new"): "n"}, 2)
    assert asking.table() == {
        ("GET", "here pk"): "abydefgh",
        ("GET", "new"): "??n?????",
        ("POST", "there"): "abcdefgh",
    }


def test_several_processes_do_not_write_the_table(tmp_path, monkeypatch):
    """Each would write the columns of the others as it had read them before."""
    monkeypatch.setattr(asking, "TABLE", tmp_path / "table.txt")
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")
    with pytest.raises(AssertionError, match="one process"):
        asking._write_column({}, {("GET", "here"): "y"}, 0)
    assert not asking.TABLE.exists()


def test_no_tag_refuses():
    """Why an answer's letter can be told without its words. Seen to fail with a tag that raises Http404."""
    called = dict(_called_by_templates())
    assert not [name for name, words in called.items() if "PermissionDenied" in words or "Http404" in words]
    assert "wagtail.admin.templatetags.wagtailadmin_tags" in called


def _called_by_templates() -> Iterator[tuple[str, str]]:
    for engine in engines.all():
        for name in {*engine.engine.libraries.values(), *engine.engine.builtins}:
            yield name, inspect.getsource(import_module(name))
    for kind in _all_kinds(Component, MenuItem, Panel, Panel.BoundPanel, Widget):
        functions = [value for value in vars(kind).values() if inspect.isfunction(value)]  # many have no source
        names = {name for function in functions for name in function.__code__.co_names}
        yield f"{kind.__module__}.{kind.__qualname__}", " ".join(names)


def _all_kinds(*kinds: type) -> set[type]:
    return {*kinds}.union(*(_all_kinds(*kind.__subclasses__()) for kind in kinds)) if kinds else set()
