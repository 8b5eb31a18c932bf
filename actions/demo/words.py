"""Texts in three languages, side by side. The first is what the page is composed in; the others are its translations."""

from wagtail_localize.strings import StringValue, extract_strings

LANGUAGES = ("nn", "en")

# From a Bokmål string, as wagtail-localize extracts it, to its translations.
CATALOGUE: dict[str, dict[str, str]] = {}


def t(nb: str, nn: str, en: str) -> str:
    """A plain text; returns the Bokmål."""
    _keep(*(StringValue.from_plaintext(text) for text in (nb, nn, en)))
    return nb


def _keep(nb: StringValue, nn: StringValue, en: StringValue) -> None:
    CATALOGUE[nb.data] = {"nn": nn.data, "en": en.data}


def same(text: str) -> str:
    """A text that is the same in every language: a name, an address, a slug."""
    return t(text, text, text)


def p(nb: str, nn: str, en: str, **links: str) -> str:
    """A paragraph of rich text. `{name}` becomes the attributes of a link, such as linktype and id."""
    paragraphs = [f"<p>{text.format(**links)}</p>" for text in (nb, nn, en)]
    strings = [[string for string, _attrs in extract_strings(html)[1]] for html in paragraphs]
    for parts in zip(*strings, strict=True):
        _keep(*parts)
    return paragraphs[0]


def to_page(page) -> str:
    return f'linktype="page" id="{page.pk}"'
