"""Translates the demo the way a translator would: through wagtail-localize, string by string."""

from wagtail.models import Locale
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from .words import CATALOGUE, LANGUAGES


def translate(*objects) -> None:
    """Publish each object in every other language. Raises KeyError where a text has no translation."""
    for locale in Locale.objects.filter(language_code__in=LANGUAGES):
        for instance in objects:
            _translate(instance, locale)


def _translate(instance, locale: Locale) -> None:
    source, _created = TranslationSource.update_or_create_from_instance(instance)
    translation, _created = Translation.objects.get_or_create(source=source, target_locale=locale)
    for segment in source.stringsegment_set.select_related("string", "context"):
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            locale=locale,
            context=segment.context,
            defaults={"data": CATALOGUE[segment.string.data][locale.language_code]},
        )
    translation.save_target(publish=True)
