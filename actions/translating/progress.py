"""How far translations are: counted by the database for as many as one asks for, in one query."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, TextChoices
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation

MACHINE = StringTranslation.TRANSLATION_TYPE_MACHINE


class Stand(TextChoices):
    """Where a translation stands."""

    MISSING = "missing", _("missing")
    DRAFT = "draft", _("draft")
    OUT_OF_DATE = "out-of-date", _("out of date")
    PUBLISHED = "published", _("published")


def with_progress(rows: QuerySet[Translation]) -> QuerySet[Translation]:
    """Translations with how many texts there are (`texts`), are translated (`done`) and are a machine's (`machine`).

    A text with an error is not translated. What a machine wrote and nobody has read is counted in both.
    """
    segments = StringSegment.objects.filter(source=OuterRef("source")).order_by().values("source")
    translated = StringTranslation.objects.filter(
        translation_of=OuterRef("string_id"),
        context=OuterRef("context_id"),
        locale=OuterRef(OuterRef("target_locale")),
        has_error=False,
    )

    def number(found: QuerySet) -> Coalesce:
        return Coalesce(Subquery(found.annotate(n=Count("pk")).values("n")), 0)

    return rows.annotate(
        texts=number(segments),
        done=number(segments.filter(Exists(translated))),
        machine=number(segments.filter(Exists(translated.filter(translation_type=MACHINE)))),
    )


def made_by(target: Any) -> QuerySet[Translation]:
    """The translation that makes a page or record, if one does."""
    return Translation.objects.filter(
        source__object_id=target.translation_key, target_locale_id=target.locale_id, enabled=True
    )


def target_of(translation: Translation) -> Any:
    """The page or record a translation makes, or None."""
    return translation.source.object.get_instance_or_none(translation.target_locale)


def is_complete(translation: Any) -> bool:
    """Whether every text is translated, and read by a person; asked of a translation with its progress."""
    return translation.done == translation.texts and not translation.machine


def is_ready(translation: Translation) -> bool:
    """The same, asked of the database."""
    return is_complete(with_progress(Translation.objects.filter(pk=translation.pk)).get())


def stand(translation: Any, target: Any) -> Stand:
    """Where a translation with its progress stands; `target` is the page or record it makes, or None.

    A page in the other language that nobody sent to translation was written there, and is what it is.
    """
    if target is None:
        return Stand.MISSING
    if not is_shown(target):
        return Stand.DRAFT
    if translation is None or is_complete(translation):
        return Stand.PUBLISHED
    return Stand.OUT_OF_DATE


def is_shown(target: Any) -> bool:
    """Whether visitors see it in its language: a page that is published, a record somebody has translated."""
    return target.live if isinstance(target, Page) else not target.written_in


def percent(translation: Any) -> int:
    """Of the texts, how many are translated and read; rounded down, so that 100 means all."""
    if not translation.texts:
        return 100
    return (translation.done - translation.machine) * 100 // translation.texts


def since(translation: Translation, found: Stand) -> datetime | None:
    """The instant from which it stands so."""
    status = getattr(translation, "status", None)
    if found is Stand.OUT_OF_DATE:
        return status.outdated_since if status else translation.source.last_updated_at
    if found is Stand.PUBLISHED:
        return status.published_at if status else translation.destination_last_updated_at
    return translation.created_at


def last_hand(rows: QuerySet[Translation]) -> QuerySet[Translation]:
    """Translations with the id of whoever translated a text of theirs last (`translator_id`)."""
    written = StringTranslation.objects.filter(
        context__object_id=OuterRef("source__object_id"), locale=OuterRef("target_locale")
    ).exclude(last_translated_by=None)
    return rows.annotate(translator_id=Subquery(written.order_by("-updated_at").values(n=F("last_translated_by"))[:1]))
