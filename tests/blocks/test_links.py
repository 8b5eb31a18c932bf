"""Links in rich text: whoever follows one to another site can see it, however it was written."""

import json

import pytest
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.rich_text import expand_db_html

pytestmark = pytest.mark.django_db


def stored(url: str) -> str:
    """What Wagtail stores of a link that was typed into the editor."""
    block = {"key": "a", "text": "far away", "type": "unstyled", "depth": 0, "inlineStyleRanges": [],
             "entityRanges": [{"key": 0, "offset": 0, "length": 8}]}  # fmt: skip
    entity = {"type": "LINK", "mutability": "MUTABLE", "data": {"url": url}}
    content = json.dumps({"entityMap": {"0": entity}, "blocks": [block]})
    return ContentstateConverter(["link"]).to_database_format(content)


@pytest.mark.parametrize("typed", ["https://spam.example/", "//spam.example/", "///spam.example/", "\\\\spam.example/"])
def test_a_link_to_another_site_is_marked(typed):
    """ "//host/" looks like an address of ours."""
    assert 'href="https://spam.example/" class="external" rel="external noopener"' in expand_db_html(stored(typed))


@pytest.mark.parametrize("typed", ["/nb/aksjoner/", "#content", "mailto:a@example.org", "tel:+4722222222"])
def test_other_links_are_not(typed):
    html = expand_db_html(stored(typed))
    assert f'<a href="{typed}">' in html


def test_nothing_breaks_out_of_a_link():
    html = expand_db_html('<a href="https://example.org/?a=1&amp;b=&quot;&gt;&lt;b&gt;">x</a>')
    assert 'href="https://example.org/?a=1&amp;b=&quot;&gt;&lt;b&gt;"' in html
