"""All that an editor can use, read from the code: blocks, features of rich text and where it stands, kinds of pages."""

from collections.abc import Iterator
from typing import Any

from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, get_page_models

TYPES = {model.__name__: model for model in get_page_models() if model is not Page}
# Of which there may be many, so that each thing gets a page of its own.
MANY = [name for name, model in TYPES.items() if not model.max_count_per_parent and name != "HomePage"]

# What a block can be, where its fields exclude each other: a film is at a host, or a file of one's own.
VARIANTS: dict[str, dict[str, dict[str, Any]]] = {
    "video": {
        "": {"url": "https://vimeo.com/76979871", "file": None},
        " of our own": {"url": "", "poster": None},
        " of our own, with a still": {"url": ""},
    },
}
# What editors make of a feature, as Wagtail stores it, and what a visitor must find of it in the page.
FEATURES = {
    "bold": {"bold": ("<b>heavy words</b>", "<b>heavy words</b>")},
    "italic": {"italic": ("<i>slanted words</i>", "<i>slanted words</i>")},
    "ul": {"bullets": ("<ul><li>a dotted point</li></ul>", r"<ul>\s*<li>a dotted point</li>")},
    "ol": {"numbers": ("<ol><li>a numbered point</li></ol>", r"<ol>\s*<li>a numbered point</li>")},
    "link": {
        "page": ('<a linktype="page" id="{page}">our page</a>', '<a href="/nb/[^"]+">our page</a>'),
        "site": (
            '<a href="https://example.org/far/">far away</a>',
            '<a href="https://example.org/far/" class="external" [^>]+>far away</a>',
        ),
        "mail": ('<a href="mailto:a@example.org">write</a>', '<a href="mailto:a@example.org">write</a>'),
        "telephone": ('<a href="tel:+4722222222">call</a>', r'<a href="tel:\+4722222222">call</a>'),
        "place": ('<a href="#content">up there</a>', '<a href="#content">up there</a>'),
    },
    "document-link": {"document": ('<a linktype="document" id="{document}">a file</a>', '<a href="[^"]+">a file</a>')},
}


def streams() -> dict[str, blocks.BaseStreamBlock]:
    """Every stream of a page, by page and field; of those that are the same, one."""
    found: dict[tuple, tuple[str, blocks.BaseStreamBlock]] = {}
    for name in sorted(TYPES, key=MANY.__contains__, reverse=True):
        for field in TYPES[name]._meta.get_fields():
            if isinstance(field, StreamField):
                stream = field.stream_block
                found.setdefault((type(stream), *stream.child_blocks), (f"{name}.{field.name}", stream))
    return dict(found.values())


def rich_text() -> dict[str, list[str]]:
    """The features of every rich text of a page, by the block it stands in, or by page and field."""
    found: dict[str, list[str]] = {}
    for stream in streams().values():
        for name, block in stream.child_blocks.items():
            found |= dict(_inside(block, name))
    for name, model in TYPES.items():
        for field in model._meta.get_fields():
            if isinstance(field, RichTextField):
                found[f"{name}.{field.name}"] = field.features
    return found


def _inside(block: blocks.Block, path: str) -> Iterator[tuple[str, list[str]]]:
    if isinstance(block, blocks.RichTextBlock):
        yield path, block.features
    elif isinstance(block, blocks.ListBlock):
        yield from _inside(block.child_block, path)
    elif isinstance(block, blocks.BaseStructBlock | blocks.BaseStreamBlock):
        for name, child in block.child_blocks.items():
            yield from _inside(child, f"{path}.{name}")


def ways(features: list[str]) -> dict[str, tuple[str, str]]:
    """What can be made of these features. KeyError for one that nobody has thought of here."""
    return {name: way for feature in features for name, way in FEATURES[feature].items()}


def samples() -> list[str]:
    """Every block of every stream in each of its variants."""
    return [
        f"{place}.{name}{variant}"
        for place, stream in streams().items()
        for name in stream.child_blocks
        for variant in VARIANTS.get(name, [""])
    ]
