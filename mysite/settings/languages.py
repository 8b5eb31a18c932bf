"""The languages of the site: each a code in `LANGUAGES` and a catalogue in locale/.

The first is the one the pages are written in, and what is shown where a language has no page or word of its own.
"""

from django.conf import locale
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Languages that Django does not know. Source of the names: Unicode CLDR 45.
MORE = {
    "se": {"bidi": False, "code": "se", "name": "Northern Sami", "name_local": "davvisámegiella"},
}

# Names that read better than Django's own, such as “norsk (bokmål)”.
NAMES = {
    "nb": _("Norwegian Bokmål"),
    "nn": _("Norwegian Nynorsk"),
    "en": _("English"),
}

# PostgreSQL's text search configurations, by language. Others are searched word by word, without stems.
SEARCH_CONFIGS = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "nb": "norwegian",
    "nn": "norwegian",
    "pt": "portuguese",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}


def search_config(language: str) -> str:
    """How PostgreSQL stems the words of a language."""
    return SEARCH_CONFIGS.get(language.split("-")[0], "simple")


def named(codes: list[str]) -> list[tuple[str, str | Promise]]:
    """Django's LANGUAGES for the codes. Raises ValueError for a code that neither Django nor this file knows."""
    locale.LANG_INFO.update(MORE)
    unknown = [code for code in codes if code not in locale.LANG_INFO]
    if unknown or not codes:
        raise ValueError(f"LANGUAGES names no known language: {', '.join(unknown) or 'it is empty'}")
    return [(code, NAMES[code] if code in NAMES else locale.LANG_INFO[code]["name_local"]) for code in codes]
