"""A changed source is followed by its translations: at once where no text is missing, and otherwise when it is ready.

What is not text - end, goal, signature form, country, pictures - never waits for a translator. The end, the goal and
all that belongs to signing stand on the petition, which all languages share; what stands on the page itself is carried
over here.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField, get_translatable_fields
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationLog, TranslationSource

from .models import TranslatedRecord, TranslationStatus
from .progress import is_ready, is_shown, made_by, target_of


def page_is_published(sender: Any, instance: Page, revision=None, **kwargs: Any) -> None:
    """Signal `page_published`: a translation has gone out, or the source of translations has changed."""
    user = revision.user if revision is not None else None
    translation = made_by(instance).first()
    if translation is not None:
        remember(translation, user)
    follow(instance, user)


def record_is_saved(sender: Any, instance: TranslatedRecord, **kwargs: Any) -> None:
    """Signal `post_save` of a record: the same for what is not a page, and is published by being saved."""
    if not kwargs.get("raw"):
        transaction.on_commit(lambda: follow(instance, None))


def record_is_translated(sender: Any, instance: TranslationLog, created: bool, **kwargs: Any) -> None:
    """Signal `post_save` of wagtail-localize's log: a translated record was written."""
    if not created or instance.revision_id is not None:
        return
    target = instance.source.get_translated_instance(instance.locale)
    translation = Translation.objects.filter(source=instance.source, target_locale=instance.locale).first()
    if translation is not None and isinstance(target, TranslatedRecord) and is_ready(translation):
        type(target).objects.filter(pk=target.pk).update(written_in="")
        remember(translation, None)


@transaction.atomic
def remember(translation: Translation, user: Any) -> None:
    """Write down what was published, from which words; out of date is only what changes after this."""
    ready = is_ready(translation)
    TranslationStatus.objects.update_or_create(
        translation=translation,
        defaults={
            "published_at": timezone.now(),
            "published_by": user or _last_translator(translation),
            "texts": texts_of(translation),
            "outdated_since": None if ready else timezone.now(),
        },
    )


def texts_of(translation: Translation) -> list[list[str]]:
    """Every text as it is now: [where it stands, source, translation or an empty text]."""
    rows = (
        StringSegment.objects.filter(source_id=translation.source_id)
        .annotate_translation(translation.target_locale)
        .order_by("order")
        .values_list("context__path", "string__data", "translation")
    )
    return [[path, source, translated or ""] for path, source, translated in rows]


def _last_translator(translation: Translation) -> Any:
    last = (
        StringTranslation.objects.filter(
            context__object_id=translation.source.object_id, locale=translation.target_locale
        )
        .exclude(last_translated_by=None)
        .order_by("-updated_at")
        .select_related("last_translated_by")
        .first()
    )
    return last.last_translated_by if last else None


def follow(instance: Any, user: Any) -> None:
    """Take a changed source up into its translations. Does nothing where it was never sent to translation."""
    before = TranslationSource.objects.get_for_instance_or_none(instance)
    if before is None:
        return
    texts = _texts(before)
    source, _created = TranslationSource.update_or_create_from_instance(instance)
    changed = _texts(source) != texts
    for translation in source.translations.filter(enabled=True).select_related("source", "target_locale"):
        target = target_of(translation)
        if target is not None:
            _follow(translation, target.specific if isinstance(target, Page) else target, user, changed=changed)


def _texts(source: TranslationSource) -> list:
    return list(source.stringsegment_set.order_by("order").values_list("context__path", "string_id"))


def _follow(translation: Translation, target: Any, user: Any, *, changed: bool) -> None:
    shown = is_shown(target)
    if shown and is_ready(translation):
        translation.save_target(user=user, publish=True)
        return
    source = translation.source.get_source_instance()
    _carry_over(source, target, with_texts=not isinstance(target, Page) and not shown)
    if shown and changed:
        status, _created = TranslationStatus.objects.get_or_create(translation=translation)
        if status.outdated_since is None:
            status.outdated_since = timezone.now()
            status.save(update_fields=["outdated_since"])


def _carry_over(source: Any, target: Any, *, with_texts: bool) -> None:
    """Copy what no language may override; `with_texts` also the words of a record nobody has translated yet."""
    changes = {}
    for declared in get_translatable_fields(type(source)):
        fixed = isinstance(declared, SynchronizedField) and not declared.overridable
        if fixed or (with_texts and not declared.get_field(type(source)).is_relation):
            field = declared.get_field(type(source))
            if not field.one_to_many and getattr(target, field.attname) != getattr(source, field.attname):
                changes[field.attname] = getattr(source, field.attname)
    if changes:
        type(target).objects.filter(pk=target.pk).update(**changes)
