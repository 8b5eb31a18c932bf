"""Which pages the admin marks as private: those of every language, where one of them is."""

from django.http import HttpRequest
from wagtail.models import Page, PageViewRestriction
from wagtail.query import PageQuerySet

from home.visible import HOME


def say_of_page(request: HttpRequest, page: Page) -> None:
    """Hook `before_edit_page`."""
    _tell(request)


def say_in_lists(parent: Page, pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """Hook `construct_explorer_page_queryset`."""
    _tell(request)
    return pages


def _tell(request: HttpRequest) -> None:
    keys = PageViewRestriction.objects.filter(page__depth__gt=HOME).values("page__translation_key")
    translated = Page.objects.filter(depth__gt=HOME, translation_key__in=keys).values_list("path", flat=True)
    said = PageViewRestriction.objects.values_list("page__path", flat=True)
    # Where Wagtail's `test_page_is_public` keeps what it asks for once in a request.
    request.all_page_view_restriction_paths = list(said.union(translated))
