"""A language of the settings is a language of the site as soon as the database was brought up to date."""

from typing import Any

from django.conf import settings
from wagtail.models import Locale


def make_locales(sender: Any, **kwargs: Any) -> None:
    """Signal `post_migrate`: a row for each language; none is taken away, for pages hang on it."""
    for code, _name in settings.LANGUAGES:
        Locale.all_objects.get_or_create(language_code=code)
