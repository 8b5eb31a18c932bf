"""The frame around every page: organisation, menus, languages. One query each, and only when a template asks."""

from typing import NamedTuple

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from wagtail.models import Page, Site

from .message import message
from .organisation import Organisation
from .pages import ContentPage
from .standing import SECONDS, generation
from .visible import for_everybody


class Menus(NamedTuple):
    header: list[Page]
    footer: list[Page]
    privacy: Page | None


def menus(language: str) -> Menus:
    """Pages below the home page of a language that are shown in menus; standing pages go to the footer."""
    pages = (
        for_everybody(Page.objects.all())
        .in_menu()
        .filter(depth=3, locale__language_code=language)
        .annotate(purpose=F("contentpage__purpose"))
    )
    footer = [page for page in pages if page.purpose in ContentPage.Purpose.standing()]
    return Menus(
        header=[page for page in pages if page not in footer],
        footer=footer,
        privacy=next((page for page in footer if page.purpose == ContentPage.Purpose.PRIVACY), None),
    )


def frame(request: HttpRequest) -> dict:
    """Context processor."""
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "organisation": SimpleLazyObject(lambda: Organisation.for_site(Site.find_for_request(request), language)),
        "menus": SimpleLazyObject(lambda: menus(language)),
        "message": SimpleLazyObject(lambda: message(Site.find_for_request(request), language, timezone.now())),
        **_kept(request),
    }


def _kept(request: HttpRequest) -> dict:
    """For `{% keep %}` in templates: seconds that words are kept, 0 for not at all, and the version of everything.

    Of pages only: the address of one person's signature is a secret, and the links in its frame repeat it.
    """
    match = request.resolver_match
    is_page = match is not None and match.url_name == "wagtail_serve" and not getattr(request, "is_preview", False)
    if not settings.PAGE_CACHE or not is_page:
        return {"kept": 0, "kept_without_query": 0, "generation": 0}
    return {"kept": SECONDS, "kept_without_query": 0 if request.GET else SECONDS, "generation": generation()}
