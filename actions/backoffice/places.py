"""Where in the editor a text stands, in words: wagtail-localize knows it as a path of field, block id and field."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from wagtail.blocks import ListBlock, StreamBlock, StructBlock
from wagtail.fields import StreamField


def place_of(path: str, source: Any) -> str:
    """Such as “Body › Demands › Demand”; the path itself where the field is no longer there."""
    name, *rest = path.split(".")
    try:
        field = source._meta.get_field(name)
    except FieldDoesNotExist:
        return path
    words = [capfirst(str(getattr(field, "verbose_name", name)))]
    if isinstance(field, StreamField):
        words.extend(_in_blocks(field.value_from_object(source), field.stream_block, rest))
    return " › ".join(words)


def _in_blocks(value: Any, block: Any, rest: list[str]) -> list[str]:
    """Labels on the way down; ids of blocks that are gone end it."""
    words = []
    for step in rest:
        if isinstance(block, StreamBlock):
            child = next((child for child in value if child.id == step), None)
            if child is None:
                break
            value, block = child.value, child.block
            words.append(str(block.label))
        elif isinstance(block, ListBlock):
            child = next((child for child in value.bound_blocks if child.id == step), None)
            if child is None:
                break
            value, block = child.value, child.block
        elif isinstance(block, StructBlock) and step in block.child_blocks:
            value, block = value.get(step) if hasattr(value, "get") else None, block.child_blocks[step]
            words.append(str(block.label))
        else:
            break
    return words
