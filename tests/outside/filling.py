"""Fills every field of a block or page with something that is told again: words with the field's name, a picture …"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Model
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page
from wagtail.snippets.blocks import SnippetChooserBlock

from .vocabulary import VARIANTS, ways

WORDS = re.compile(r"words of [\w. ]+|https://example\.org/\w+\.\w[\w.]*")
Prose = Callable[[str, list[str]], str]


def plain(path: str, features: list[str]) -> str:
    return f"<p>words of {path}</p>"


def rich(features: list[str], *, document: int = 0, page: int = 0) -> str:
    """All that the features can make, but for links to documents; with `document` a link to it, and nothing else."""
    chosen = [source for way, (source, _shown) in ways(features).items() if (way == "document") is bool(document)]
    parts = (source if source.startswith(("<ul", "<ol")) else f"<p>{source}</p>" for source in chosen)
    return "".join(parts).format(document=document, page=page)


class Filler:
    """Values for blocks and fields, with the records there are: `chosen` by model, a picture and a film."""

    def __init__(self, *, chosen: dict[str, Model], picture: int, film: int) -> None:
        self.chosen, self.picture, self.film = chosen, picture, film

    def block(self, block: blocks.Block, path: str, prose: Prose = plain) -> Any:
        """A value as a stream stores it. NotImplementedError for a kind of block that nobody has thought of here."""
        match block:
            case ImageBlock():
                return {"image": self.picture, "decorative": False, "alt_text": f"words of {path}"}
            case blocks.BaseStructBlock():
                return {name: self.block(one, f"{path}.{name}", prose) for name, one in block.child_blocks.items()}
            case blocks.ListBlock():
                return [self.block(block.child_block, path, prose)]
            case blocks.RichTextBlock():
                return prose(path, block.features)
            case blocks.URLBlock():
                return f"https://example.org/{path}"
            case blocks.DateBlock():
                return "2026-11-01"
            case blocks.ChoiceBlock():
                return block.get_default()
            case DocumentChooserBlock():
                return self.film
            case blocks.PageChooserBlock() | SnippetChooserBlock():
                return self.chosen[block.target_model.__name__].pk
            case blocks.CharBlock() | blocks.TextBlock():
                return f"words of {path}"
        raise NotImplementedError(f"{path}: what stands in a {type(block).__name__}?")

    def page(self, model: type[Page], **given: Any) -> dict[str, Any]:
        """Values for all fields that staff fill in, those that are given as they are."""
        page_fields = [Page._meta.get_field(name) for name in ("seo_title", "search_description")]
        own = [field for field in model._meta.local_fields if field.editable and not field.primary_key]
        values = {field.name: self._field(model, field) for field in (*page_fields, *own) if field.name not in given}
        return {name: value for name, value in values.items() if value is not None} | given

    def _field(self, model: type[Page], field: models.Field) -> Any:
        path = f"{model.__name__} {field.name}"
        match field:
            case StreamField():
                return stream(field.stream_block, list(self._every_block(field.stream_block)))
            case RichTextField():
                return rich(field.features, page=self.chosen["Page"].pk)
            case models.ForeignKey() if field.related_model is get_image_model():
                return get_image_model()(pk=self.picture)
            case models.ForeignKey():
                return self.chosen.get(field.related_model.__name__)
            case models.CharField() | models.TextField() if not field.choices:
                return f"words of {path}"
        return None

    def _every_block(self, stream_block: blocks.BaseStreamBlock) -> Iterator[tuple[str, Any]]:
        for name, block in stream_block.child_blocks.items():
            value = self.block(block, name)
            yield name, value | VARIANTS.get(name, {}).get("", {})


def stream(block: blocks.BaseStreamBlock, values: list[tuple[str, Any]]) -> Any:
    """The value of a stream from pairs of type and value, with an id for every block."""
    value = block.to_python([{"type": kind, "value": raw} for kind, raw in values])
    list(value)
    return block.to_python(block.get_prep_value(value))


def words_in(value: Any) -> list[str]:
    """The words that were filled in somewhere in a value."""
    if isinstance(value, dict):
        return [word for part in value.values() for word in words_in(part)]
    if isinstance(value, list):
        return [word for part in value for word in words_in(part)]
    return WORDS.findall(value) if isinstance(value, str) else []


def record(model: str, **conditions: Any) -> Model:
    """The first record of a model of the project."""
    found = apps.get_model(model).objects.filter(**conditions).order_by("pk").first()
    assert found is not None, model
    return found
