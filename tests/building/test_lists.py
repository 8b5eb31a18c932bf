"""What names pages to visitors asks `home.visible.for_everybody`; what shows them pictures uses our own tags."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
# Where a page is looked at for another reason than to tell visitors of it.
OTHERWISE = {
    "home/visible.py": "the question itself",
    "actions/web/serving.py": "one page at its own address, which says for whom it is",
    "actions/web/purging.py": "what proxies forget",
    "actions/web/styleguide.py": "development only",
    "actions/blocks/related_page.py": "a sample for the admin's preview",
    "actions/pages/tasks.py": "pictures made ahead",
    "actions/pages/outcome.py": "what waits for staff",
    "actions/pages/checks.py": "what editors are told",
}
ASKED = re.compile(r"\.live\(\)|\.public\(\)|live=True")
SOURCES = [
    path
    for folder in ("home", "actions")
    for path in (ROOT / folder).rglob("*.py")
    if not {"migrations", "backoffice", "demo"} & set(path.parts)
]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_lists_ask_for_what_is_for_everybody(path):
    """Seen to fail with `.live()` in the list of actions."""
    found = ASKED.findall(path.read_text())
    assert not found or str(path.relative_to(ROOT)) in OTHERWISE


@pytest.mark.parametrize("path", (ROOT / "templates").rglob("*.html"), ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_of_visitors_show_pictures_with_our_own_tags(path):
    """Wagtail's own show what may not be shown any more, and a broken picture where a file is gone."""
    assert "wagtailimages_tags" not in path.read_text() or "backoffice" in path.parts
