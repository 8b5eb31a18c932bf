"""What a translator has to look at: the source then and now, side by side, with what the translation says."""

from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum

from wagtail_localize.models import StringSegment, StringTranslation, Translation

from .progress import MACHINE


class Kind(StrEnum):
    """Why a text is shown."""

    CHANGED = "changed"
    NEW = "new"
    REMOVED = "removed"
    MACHINE = "machine"


@dataclass(frozen=True)
class Difference:
    """One text: `old` is what the source said when the translation was published, `new` what it says now."""

    kind: Kind
    path: str
    old: str = ""
    new: str = ""
    translation_then: str = ""
    translation_now: str = ""
    by_machine: bool = False
    segment: int | None = None


@dataclass
class _Texts:
    then: list[tuple[str, str]] = field(default_factory=list)
    now: list[StringSegment] = field(default_factory=list)


def differences(translation: Translation) -> list[Difference]:
    """Texts that are not as they were when the translation was last published, in the order of the page.

    Within one rich text, sentences are matched in order, so that a changed one is not told as one gone and one new.
    """
    status = getattr(translation, "status", None)
    by_path: dict[str, _Texts] = {}
    written = StringTranslation.objects.filter(
        locale=translation.target_locale, context__object_id=translation.source.object_id
    )
    machine = set(written.filter(translation_type=MACHINE).values_list("translation_of_id", "context_id"))
    for segment in (
        StringSegment.objects.filter(source_id=translation.source_id)
        .annotate_translation(translation.target_locale, include_errors=True)
        .select_related("string", "context")
        .order_by("order")
    ):
        segment.by_machine = (segment.string_id, segment.context_id) in machine
        by_path.setdefault(segment.context.path, _Texts()).now.append(segment)
    for path, old, translated in status.texts if status else []:
        by_path.setdefault(path, _Texts()).then.append((old, translated))
    return [found for path, texts in by_path.items() for found in _of_path(path, texts, seen_before=bool(status))]


def _of_path(path: str, texts: _Texts, *, seen_before: bool):
    old, new = [text for text, _translated in texts.then], [segment.string.data for segment in texts.now]
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            for segment in texts.now[c:d]:
                if segment.by_machine or not segment.translation:
                    yield _told(Kind.MACHINE if segment.by_machine else Kind.NEW, path, segment)
            continue
        for place in range(max(b - a, d - c)):
            was = texts.then[a + place] if a + place < b else None
            segment = texts.now[c + place] if c + place < d else None
            if segment is None:
                yield Difference(Kind.REMOVED, path, old=was[0], translation_then=was[1])
            elif was is not None:
                yield _told(Kind.CHANGED, path, segment, was)
            elif seen_before or segment.by_machine or not segment.translation:
                kind = Kind.MACHINE if segment.by_machine and not seen_before else Kind.NEW
                yield _told(kind, path, segment)


def _told(kind: Kind, path: str, segment: StringSegment, was: tuple[str, str] = ("", "")) -> Difference:
    return Difference(
        kind,
        path,
        old=was[0],
        new=segment.string.data,
        translation_then=was[1],
        translation_now=segment.translation or "",
        by_machine=segment.by_machine,
        segment=segment.pk,
    )


def confirm_machine(translation: Translation, segments: list[int], user) -> int:
    """Take what a machine wrote as read by a person; how many texts that were."""
    chosen = StringSegment.objects.filter(source_id=translation.source_id, pk__in=segments)
    confirmed = 0
    for string, context in chosen.values_list("string_id", "context_id"):
        confirmed += StringTranslation.objects.filter(
            translation_of=string, context=context, locale=translation.target_locale, translation_type=MACHINE
        ).update(translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL, last_translated_by=user)
    return confirmed
