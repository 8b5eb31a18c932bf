"""All texts of an action in one file of gettext's PO format, out and in again.

wagtail-localize has a file for each page; this one holds several, each text under the id of its translation.
"""

import os
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polib
from django.db import transaction
from django.utils import timezone
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationContext

from .upstream import longest

ID = "X-WagtailLocalize-TranslationID"
LARGEST = 5 * 1024 * 1024  # bytes


class BadFile(Exception):
    """The file is no PO file that can be read; `reason` is one of "empty", "large", "format"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class TakenIn:
    """What came of a file: counts of texts."""

    changed: int = 0
    same: int = 0
    empty: int = 0
    fuzzy: int = 0
    unknown: int = 0
    wrong: int = 0


def to_po(translations: Iterable[Translation], language: str) -> polib.POFile:
    """One file with the texts of all the translations, which are into one language."""
    po = polib.POFile(wrapwidth=0)
    po.metadata = {
        "POT-Creation-Date": timezone.now().strftime("%Y-%m-%d %H:%M%z"),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
    }
    for translation in translations:
        segments = StringSegment.objects.filter(source_id=translation.source_id)
        rows = segments.annotate_translation(translation.target_locale, include_errors=True).order_by("order")
        seen = set()
        for path, text, translated in rows.values_list("context__path", "string__data", "translation"):
            if (path, text) in seen:  # the same sentence twice in one rich text is one text
                continue
            seen.add((path, text))
            po.append(
                polib.POEntry(
                    msgctxt=f"{translation.uuid}:{path}",
                    msgid=text,
                    msgstr=translated or "",
                    comment=translation.source.object_repr,
                )
            )
    return po


def read(upload: Any) -> polib.POFile:
    """The file somebody sent. Raises BadFile."""
    if not upload or not upload.size:
        raise BadFile("empty")
    if upload.size > LARGEST:
        raise BadFile("large")
    # polib takes a name or the text itself; a text that is a name would be opened, so it always gets a file.
    handle, name = tempfile.mkstemp(suffix=".po")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(upload.read())
        found = polib.pofile(name)
    except (OSError, UnicodeDecodeError, LookupError, ValueError) as error:
        raise BadFile("format") from error
    finally:
        os.unlink(name)
    if not len(found):
        raise BadFile("empty")
    return found


@transaction.atomic
def take_in(po: polib.POFile, translations: Iterable[Translation], user: Any) -> TakenIn:
    """Store the texts of a file that belong to the translations; all of them or none.

    What is marked as fuzzy is not taken: somebody meant to look at it again. Raises nothing for unknown texts, and
    counts them.
    """
    result = TakenIn()
    known = {str(translation.uuid): translation for translation in translations}
    of_page = po.metadata.get(ID, "")
    parts: dict[str, polib.POFile] = defaultdict(polib.POFile)
    for entry in po:
        if entry.obsolete:
            continue
        uuid, _colon, path = (entry.msgctxt or "").partition(":")
        if uuid not in known:
            uuid, path = of_page, entry.msgctxt or ""
        if uuid not in known:
            result.unknown += 1
        elif entry.fuzzy:
            result.fuzzy += 1
        elif not entry.msgstr.strip():
            result.empty += 1
        else:
            parts[uuid].append(polib.POEntry(msgctxt=path, msgid=entry.msgid, msgstr=entry.msgstr))
    for uuid, part in parts.items():
        _take_in_one(known[uuid], part, user, result)
    return result


def _take_in_one(translation: Translation, part: polib.POFile, user: Any, result: TakenIn) -> None:
    written = StringTranslation.objects.filter(
        context__object_id=translation.source.object_id, locale=translation.target_locale
    )
    before = dict(written.values_list("pk", "data"))
    part = _that_fits(translation, part, result)
    warnings = translation.import_po(part, user=user, tool_name="PO")
    after = dict(written.values_list("pk", "data"))
    changed = {pk for pk, text in after.items() if before.get(pk) != text}
    result.unknown += len(warnings)
    result.changed += len(changed)
    result.same += len(part) - len(warnings) - len(changed)
    result.wrong += written.filter(pk__in=changed, has_error=True).count()


def _that_fits(translation: Translation, part: polib.POFile, result: TakenIn) -> polib.POFile:
    """The entries that are not too long for their field or block; the others are counted as wrong."""
    model = translation.source.specific_content_type.model_class()
    contexts = TranslationContext.objects.filter(object_id=translation.source.object_id)
    limits = {context.path: longest(context, model) for context in contexts}
    fitting = polib.POFile()
    for entry in part:
        limit = limits.get(entry.msgctxt)
        if limit is not None and len(entry.msgstr) > limit:
            result.wrong += 1
        else:
            fitting.append(entry)
    return fitting
