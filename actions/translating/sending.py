"""Sending to translation: everything at once, into every language, always as drafts."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import DraftStateMixin, Locale, Page
from wagtail_localize.models import Translation, TranslationSource

from .upstream import give_block_ids


class Sent(NamedTuple):
    """How many translations were begun, and how many were there already."""

    begun: int
    there: int


@transaction.atomic
def send(instances: Iterable[Any], locales: Iterable[Locale], user: Any) -> Sent:
    """Begin the translation of pages and records that are not begun yet. Parents must come before their children.

    A page becomes a draft with the words of the source. What was written in a language by hand is left alone.
    Raises ValidationError where a page cannot be made, and begins nothing then.
    """
    begun = there = 0
    locales = list(locales)
    for instance in instances:
        for locale in locales:
            if locale.pk == instance.locale_id:
                continue
            if _begin(instance, locale, user):
                begun += 1
            else:
                there += 1
    return Sent(begun, there)


def _begin(instance: Any, locale: Locale, user: Any) -> bool:
    target = instance.get_translation_or_none(locale)
    known = Translation.objects.filter(source__object_id=instance.translation_key, target_locale=locale).first()
    is_mirror = bool(getattr(target, "alias_of_id", None))
    if target is not None and (known is not None or not is_mirror):
        return False  # sent before (and perhaps taken out of translation on purpose), or written by hand
    if isinstance(instance, Page):
        instance = give_block_ids(instance.specific)
    source, _created = TranslationSource.update_or_create_from_instance(instance)
    translation, _created = Translation.objects.update_or_create(
        source=source, target_locale=locale, defaults={"enabled": True}
    )
    try:
        translation.save_target(user=user, publish=not isinstance(instance, DraftStateMixin))
    except ValidationError as error:
        raise ValidationError(f"{instance}: {' '.join(error.messages)}") from error
    return True
