"""Which pages are told of: those that are published and that nobody is kept out of.

Everything that names pages to visitors asks here: lists, menus, language switches, cards, sitemap, feed, interface for
programs. `tests/building` looks for lists that ask otherwise.
"""

from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Left, Length
from wagtail.models import Page, PageViewRestriction
from wagtail.query import PageQuerySet

Pages = TypeVar("Pages", bound=PageQuerySet)

HOME = 2  # the depth of home pages: a language that is for some only does not shut the others


def is_restricted() -> Exists:
    """Of a page in a query: whether it, or one above it, is for some only, in whatever language that was said.

    `actions_restricted_paths` in the database says the same to the policy of pages (database_roles).
    """
    in_any_language = PageViewRestriction.objects.filter(page__depth__gt=HOME).values("page__translation_key")
    shut = Page.objects.filter(
        Q(pk__in=PageViewRestriction.objects.values("page")) | Q(translation_key__in=in_any_language, depth__gt=HOME),
    )
    return Exists(shut.filter(path=Left(OuterRef("path"), Length("path"))).order_by())


def restrictions_of(page: Page) -> QuerySet[PageViewRestriction]:
    """Who may see a page, as it is said of it or, where nothing is, of its translations; and of those above it."""
    above = page.get_ancestors().filter(depth__gt=HOME).values("translation_key")
    found = Q(page__in=page.get_ancestors(inclusive=True)) | Q(page__translation_key__in=above)
    if (page.depth or 0) > HOME:
        found |= Q(page__translation_key=page.translation_key) & ~Exists(PageViewRestriction.objects.filter(page=page))
    return PageViewRestriction.objects.filter(found)


def for_everybody(pages: Pages) -> Pages:
    """The pages of a query that may be told of. It costs no query of its own, as Wagtail's `public()` does."""
    return pages.live().exclude(is_restricted())
