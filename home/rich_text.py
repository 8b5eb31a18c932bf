"""Links in texts, as visitors get them: what is not there for everybody is not linked, and its address not told."""

from django.utils.html import escape
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from .visible import for_everybody


class LinksForEverybody(PageLinkHandler):
    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        targets = [page and page.localized for page in cls.get_many(attrs_list)]
        found = for_everybody(Page.objects.filter(pk__in=[page.pk for page in targets if page]))
        shown = set(found.values_list("pk", flat=True))
        return [f'<a href="{escape(page.url)}">' if page and page.pk in shown else "<a>" for page in targets]


def register(features) -> None:
    """Hook `register_rich_text_features`."""
    features.register_link_type(LinksForEverybody)
