"""Small tags for the frame around every page: languages, links, and lists of names."""

from typing import NamedTuple
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.translation import gettext
from wagtail.images.models import Rendition

register = template.Library()


class LanguageChoice(NamedTuple):
    code: str
    name: str
    url: str
    current: bool


@register.simple_tag
def home_url() -> str:
    return reverse("wagtail_serve", args=[""])


@register.filter
def starts(path: str, prefix: str) -> bool:
    return bool(prefix) and path.startswith(prefix)


@register.simple_tag(takes_context=True)
def languages(context) -> list[LanguageChoice]:
    """The page in each language it is published in; where it is not, the home page of that language."""
    request, here = context.get("request"), translation.get_language()
    urls = {page.locale.language_code: page.get_url(request) for page in context.get("alternates", ())}
    match = getattr(request, "resolver_match", None)
    if not urls and match and match.url_name != "wagtail_serve":  # one of our own views: the same one
        urls = {code: translate_url(request.path, code) for code, _name in settings.LANGUAGES}
    choices = []
    for code, name in settings.LANGUAGES:
        with translation.override(code):
            choices.append(LanguageChoice(code, str(name), urls.get(code) or home_url(), code == here))
    return choices


@register.simple_tag
def recipients_text(recipients) -> str:
    """Names in a row, with the last one joined by “and”."""
    names = [str(recipient) for recipient in recipients]
    if len(names) < 2:
        return "".join(names)
    return gettext("%(others)s and %(last)s") % {"others": "; ".join(names[:-1]), "last": names[-1]}


@register.simple_tag
def share_image(page) -> Rendition | None:
    """The picture for link previews, 1200 × 630."""
    image = page.share_image or page.picture
    return image.get_rendition("fill-1200x630|format-jpeg") if image else None


class ShareLink(NamedTuple):
    name: str
    url: str


@register.simple_tag(takes_context=True)
def share_links(context, page) -> dict:
    """Plain links that share a page; nothing is asked from the networks before a click."""
    url = page.get_full_url(context.get("request")) or ""
    title = page.share_title or page.title
    both = f"{title} {url}"
    return {
        "url": url,
        "title": title,
        "mail": "mailto:?" + urlencode({"subject": title, "body": url}).replace("+", "%20"),
        "networks": [
            ShareLink("WhatsApp", "https://wa.me/?" + urlencode({"text": both})),
            ShareLink("Facebook", "https://www.facebook.com/sharer/sharer.php?" + urlencode({"u": url})),
            ShareLink("Bluesky", "https://bsky.app/intent/compose?" + urlencode({"text": both})),
        ],
    }
