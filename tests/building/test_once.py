"""What tests begin with is made anew when anything it is made from has changed, and not when something else has."""

import pytest

from bench import once as kept
from bench import site
from tests import copies


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A tree with a file in each of the places that a key is made of, and in others."""
    for place in {*kept.CODE, *site.SOURCES, *copies.SOURCES, "docs", "tests/pages"}:
        file = tmp_path / place if "." in place else tmp_path / place / "deep" / "file.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("before")
    monkeypatch.setattr(kept, "ROOT", tmp_path)
    monkeypatch.setattr(kept, "VAR", tmp_path / "var")
    return tmp_path


def is_new(*sources: str) -> bool:
    kept.fingerprint.cache_clear()
    with kept.once("it", *sources) as new:
        return new


@pytest.mark.parametrize("sources", [site.SOURCES, copies.SOURCES], ids=["the demo", "the small site"])
def test_a_change_of_what_it_is_made_from_makes_it_anew(sources, root):
    assert is_new(*sources)
    for place in (*kept.CODE, *sources):
        assert not is_new(*sources)
        file = root / place if "." in place else root / place / "deep" / "file.py"
        file.write_text("after")
        assert is_new(*sources), place
    (root / "actions" / "deep" / "another.sql").write_text("")
    assert is_new(*sources)
    (root / "actions" / "deep" / "another.sql").rename(root / "actions" / "other.sql")
    assert is_new(*sources)
    (root / "docs" / "deep" / "file.py").write_text("after")
    (root / "tests" / "pages" / "deep" / "file.py").write_text("after")
    assert not is_new(*sources)


def test_a_making_that_fails_is_done_again(root):
    kept.fingerprint.cache_clear()
    with pytest.raises(ZeroDivisionError), kept.once("it"):
        1 / 0  # noqa: B018
    assert is_new()
    assert not is_new()


def test_a_place_that_is_not_there_is_no_source(root):
    kept.fingerprint.cache_clear()
    with pytest.raises(FileNotFoundError):
        kept.fingerprint("actoins")


@pytest.fixture(autouse=True)
def _known_again():
    yield
    kept.fingerprint.cache_clear()
