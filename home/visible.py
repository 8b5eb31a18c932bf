"""Which pages are told of: those that are published and that nobody is kept out of.

Everything that names pages to visitors asks here: lists, menus, language switches, cards, sitemap, feed, interface for
programs. `tests/building` looks for lists that ask otherwise.
"""

from typing import TypeVar

from django.db.models import Exists, OuterRef
from django.db.models.functions import Left, Length
from wagtail.models import PageViewRestriction
from wagtail.query import PageQuerySet

Pages = TypeVar("Pages", bound=PageQuerySet)


def is_restricted() -> Exists:
    """Of a page in a query: whether it, or one above it, is for some only."""
    return Exists(PageViewRestriction.objects.filter(page__path=Left(OuterRef("path"), Length("page__path"))))


def for_everybody(pages: Pages) -> Pages:
    """The pages of a query that may be told of. It costs no query of its own, as Wagtail's `public()` does."""
    return pages.live().exclude(is_restricted())
