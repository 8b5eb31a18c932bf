"""How far everything is in every language: rows of pages and records, with a cell for each language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Model, QuerySet
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation

from . import progress
from .progress import Stand


@dataclass(frozen=True)
class Cell:
    """One thing in one language. `percent` counts texts a person has translated or read."""

    language: str
    stand: Stand
    percent: int
    machine: int = 0
    left: int = 0
    since: datetime | None = None
    who: Any = None
    target: Any = None
    translation: Any = None


@dataclass(frozen=True)
class Row:
    """A page or record that is translated, as it was written first."""

    source: Any
    title: str
    cells: list[Cell] = field(default_factory=list)


def title_of(thing: Any) -> str:
    """What staff call a page or record."""
    return thing.get_admin_display_title() if isinstance(thing, Page) else str(thing)


def overview(instances: Iterable[Any], locales: Sequence[Locale]) -> list[Row]:
    """A row for each thing among `instances`, which hold it in all its languages; in the order they come.

    Two queries besides the instances.
    """
    by_key: dict[Any, dict[int, Any]] = {}
    for instance in instances:
        by_key.setdefault(instance.translation_key, {})[instance.locale_id] = instance
    translations = _translations(by_key)
    names = _names(translations.values())
    default = Locale.get_default().pk
    return [_row(key, found, translations, names, locales, default) for key, found in by_key.items()]


def of_one(instance: Any, locales: Sequence[Locale]) -> Row:
    """The row of one page or record."""
    found = instance.get_translations(inclusive=True)
    if isinstance(instance, Page):
        found = found.specific()
    return overview(found, locales)[0]


def _translations(keys: Iterable[Any]) -> dict[tuple, Translation]:
    rows: QuerySet[Translation] = Translation.objects.filter(source__object_id__in=list(keys), enabled=True)
    rows = progress.last_hand(progress.with_progress(rows)).select_related("source", "status", "target_locale")
    return {(row.source.object_id, row.target_locale_id): row for row in rows}


def _names(translations: Iterable[Translation]) -> dict[int, Model]:
    wanted = set()
    for translation in translations:
        status = getattr(translation, "status", None)
        wanted |= {translation.translator_id, status.published_by_id if status else None}
    return get_user_model().objects.in_bulk(wanted - {None})


def _row(key, found: dict[int, Any], translations, names, locales: Sequence[Locale], default: int) -> Row:
    sources = [row.source.locale_id for (object_id, _locale), row in translations.items() if object_id == key]
    first = next((pk for pk in [*sources, default] if pk in found), next(iter(found)))
    source = found[first]
    row = Row(source, title_of(source))
    for locale in locales:
        if locale.pk != first:
            row.cells.append(_cell(locale, translations.get((key, locale.pk)), found.get(locale.pk), names))
    return row


def _cell(locale: Locale, translation: Any, target: Any, names: dict[int, Any]) -> Cell:
    if target is not None and getattr(target, "alias_of_id", None):
        target = None  # a mirror of the source in another tree is no translation
    found = progress.stand(translation, target)
    if translation is None:
        return Cell(locale.language_code, found, 100 if target is not None else 0, target=target)
    status = getattr(translation, "status", None)
    return Cell(
        language=locale.language_code,
        stand=found,
        percent=progress.percent(translation),
        machine=translation.machine,
        left=translation.texts - translation.done,
        since=progress.since(translation, found),
        who=names.get(translation.translator_id) or names.get(status.published_by_id if status else None),
        target=target,
        translation=translation,
    )
