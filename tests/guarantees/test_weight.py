"""R41: what a page weighs on the way, packed as it is sent, without its pictures."""

import gzip
from pathlib import Path

import pytest

from tests.factories import PetitionFactory, action

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
STYLES = [STATIC / "css" / name for name in ("tokens.css", "site.css")]


def packed(content: bytes) -> int:
    return len(gzip.compress(content, 9))


@pytest.fixture
def page(site, pages_are_kept):
    return action(site, PetitionFactory(show_names=True, ask_country=True, minimum_age=15))


def test_an_action_page_weighs_less_than_40_kb_without_pictures(page, client):
    answer = client.get(page.get_url(), headers={"Accept-Encoding": "gzip"})
    parts = {
        "page": len(answer.content),
        "styles": sum(packed(path.read_bytes()) for path in STYLES),
        "script": packed((STATIC / "js" / "page.js").read_bytes()),
        "typeface": (STATIC / "fonts" / "familjen-latin.woff2").stat().st_size,
        "icon": (STATIC / "icon.svg").stat().st_size,
    }
    assert sum(parts.values()) < 40_000, parts
    assert parts["script"] < 15_000, parts


def test_pictures_wait_until_they_are_near_but_for_the_lead(page, client):
    """Every picture in a template but the one at the top of its page is lazy, and all say how wide they are shown."""
    templates = STATIC.parent / "templates"
    for path in templates.rglob("*.html"):
        for tag in path.read_text().split("{% picture ")[1:]:
            tag = tag.split("%}")[0]
            assert "sizes=" in tag, path
            assert ('loading="lazy"' in tag) != ('fetchpriority="high"' in tag), path
