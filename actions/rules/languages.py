"""Languages by their codes: which way they are written, and words that are not in the language around them."""

from django.utils.html import format_html
from django.utils.translation import get_language, get_language_info, to_locale

# Networks know a language only together with a country (https://ogp.me/#optional).
COUNTRIES = {"nb": "NO", "nn": "NO", "se": "NO", "en": "GB", "ar": "AR", "zh-hans": "CN"}


def direction(language: str) -> str:
    """ "rtl" or "ltr"; a language Django has never heard of is written from left to right."""
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "ltr"


def og_locale(language: str) -> str:
    """ "nb_NO" for "nb", as Open Graph writes languages; empty for a language that has no country there."""
    name, _, country = to_locale(language).partition("_")
    country = country if len(country) == 2 else COUNTRIES.get(language, "")  # the rest may be a script, as in zh_Hans
    return f"{name}_{country}" if country else ""


def marked(text: str, language: str) -> str:
    """The words, as HTML that says their language and direction where that is not the active language."""
    if not text or not language or language == get_language():
        return text
    return format_html('<span lang="{}" dir="{}">{}</span>', language, direction(language), text)
