"""Languages by their codes: which way they are written."""

from django.utils.translation import get_language_info


def direction(language: str) -> str:
    """ "rtl" or "ltr"; a language Django has never heard of is written from left to right."""
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "ltr"
