"""Languages by their codes: which way they are written, and words that are not in the language around them."""

from django.utils.html import format_html
from django.utils.translation import get_language, get_language_info


def direction(language: str) -> str:
    """ "rtl" or "ltr"; a language Django has never heard of is written from left to right."""
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "ltr"


def marked(text: str, language: str) -> str:
    """The words, as HTML that says their language and direction where that is not the active language."""
    if not text or not language or language == get_language():
        return text
    return format_html('<span lang="{}" dir="{}">{}</span>', language, direction(language), text)
