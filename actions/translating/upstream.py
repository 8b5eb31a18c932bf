"""What we do about wagtail-localize 1.14.5, each with the day it was seen and when it can go.

Values are put right before it sees them, and a few of its addresses are answered by views of ours that call it; one
function of it is replaced. Reports for upstream are worded in docs/translators.md, ready to be sent.
"""

from typing import Any

import wagtail_localize.models
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.validators import validate_unicode_slug
from django.db import models
from django.utils.text import slugify
from wagtail.blocks import FieldBlock, ListBlock, StreamBlock, StreamValue, StructBlock, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationContext


def keep_addresses() -> None:
    """Keep the address a translator gave a page where it is one.

    Seen 2026-11-25: what is not ASCII is taken out of it, so that an Arabic address is lost and the page gets its
    title instead. Can go when `slugify` is called with Wagtail's own setting for it.
    """
    wagtail_localize.models.slugify = _as_address


def _as_address(text: str) -> str:
    try:
        validate_unicode_slug(text)
    except ValidationError:
        return slugify(text) or slugify(text, allow_unicode=True)
    return text


def give_block_ids(page: Page) -> Page:
    """The page, with an id for each of its blocks, saved where some had none.

    Seen 2026-11-25: blocks that were stored as bare JSON (an import, a script) get another id at each reading, so
    that their texts are skipped in silence or cannot be put back. Can go when extraction stores the ids it made up.
    """
    lost = False
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            value = field.value_from_object(page)
            if not _has_ids(field.stream_block, value.raw_data):
                _read(value)
                setattr(page, field.name, field.stream_block.to_python(field.stream_block.get_prep_value(value)))
                lost = True
    if lost:
        was_live, had_changes = page.live, page.has_unpublished_changes
        page.save(clean=False)
        revision = page.save_revision(clean=False, log_action=False)
        if was_live and not had_changes:
            revision.publish(log_action=False)
            page = type(page).objects.get(pk=page.pk)
    return page


def _read(value: Any) -> None:
    """Read every block: what is read gets an id, and what was not read is stored again as it was."""
    if isinstance(value, StreamValue):
        for child in value:
            _read(child.value)
    elif isinstance(value, ListValue):
        for item in value:
            _read(item)
    elif isinstance(value, StructValue):
        for part in value.values():
            _read(part)


def _has_ids(block: Any, raw: Any) -> bool:
    if isinstance(block, StreamBlock):
        return all(
            item.get("id") and _has_ids(block.child_blocks.get(item["type"]), item["value"]) for item in raw or []
        )
    if isinstance(block, ListBlock):
        return all(
            isinstance(item, dict) and item.get("id") and _has_ids(block.child_block, item.get("value"))
            for item in raw or []
        )
    if isinstance(block, StructBlock):
        return all(_has_ids(child, raw.get(name)) for name, child in block.child_blocks.items() if name in (raw or {}))
    return True


def longest(context: TranslationContext, model: type[models.Model]) -> int | None:
    """How many characters the field or block of a text takes, or None where there is no limit.

    Seen 2026-11-25: a title of 300 characters answered 500, and a heading that is too long for its block was taken.
    Can go when the editor validates against the field, and against the block.
    """
    name, *path = context.field_path.split(".") if context.field_path else [context.path]
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    if not isinstance(field, StreamField):
        return getattr(field, "max_length", None)
    block: Any = field.stream_block
    for step in path:
        if isinstance(block, ListBlock):
            block = block.child_block
        elif isinstance(block, StreamBlock | StructBlock):
            block = block.child_blocks.get(step)
        if block is None:
            return None
    return getattr(block.field, "max_length", None) if isinstance(block, FieldBlock) else None


def keep_too_long(translation: Translation, segment: StringSegment, text: str, message: str, user: Any):
    """Store a text that does not fit as one with an error, and touch nothing else."""
    stored = StringTranslation.objects.filter(
        translation_of=segment.string, locale=translation.target_locale, context=segment.context
    ).first()
    values = {
        "data": text,
        "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
        "tool_name": "",
        "last_translated_by": user,
        "has_error": True,
        "field_error": message,
    }
    if stored is None:
        # Not `create`: its signal would write the text into the title of the page, where it does not fit.
        [stored] = StringTranslation.objects.bulk_create(
            [
                StringTranslation(
                    translation_of=segment.string,
                    locale=translation.target_locale,
                    context=segment.context,
                    **values,
                )
            ]
        )
        return stored
    StringTranslation.objects.filter(pk=stored.pk).update(**values)
    stored.refresh_from_db()
    return stored
