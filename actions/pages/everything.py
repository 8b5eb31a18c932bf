"""All that has to be translated so that a page can be read in another language."""

from typing import Any

from django.db.models import Model
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from actions.delivery.models import PetitionRecipient
from actions.translating.models import TranslatedRecord
from home.organisation import Organisation


def everything_of(page: Any) -> list[Any]:
    """A page with all it refers to in its own language: records first, then pages, parents before children.

    The organisation with its consent texts, the recipients of the form and of letters, the articles, the country,
    pages that are linked to, and the pages above each. A record refers to nothing, and stands alone.
    """
    if not isinstance(page, Page):
        return [page]
    records: dict[tuple, TranslatedRecord] = {}
    pages: dict[int, Page] = {page.pk: page}

    def take(found: Model | None) -> None:
        if isinstance(found, TranslatedRecord) and found.locale_id == page.locale_id:
            records.setdefault((type(found).__name__, found.pk), found)
        elif isinstance(found, Page) and found.locale_id == page.locale_id and found.depth > 1:
            pages.setdefault(found.pk, found)

    take(_organisation(page))
    if petition := getattr(page, "petition_id", None):
        for link in PetitionRecipient.objects.filter(petition=petition).select_related("recipient__locale"):
            take(link.recipient)
    for model, pk in _references(page):
        take(model._default_manager.filter(pk=pk).first())
    take(getattr(page, "country", None))
    for found in list(pages.values()):
        for above in found.get_ancestors().filter(depth__gt=1):
            pages.setdefault(above.pk, above)
    # The path of a page begins with its parent's, so parents come first.
    return [*records.values(), *(found.specific for found in sorted(pages.values(), key=lambda found: found.path))]


def _organisation(page: Page) -> Organisation | None:
    return Organisation.objects.filter(site=page.get_site(), locale=page.locale_id).first()


def _references(page: Page):
    """Models and ids of what blocks and links of the page refer to."""
    for field in page._meta.get_fields():
        if isinstance(field, StreamField | RichTextField):
            for model, pk, _model_path, _content_path in field.extract_references(field.value_from_object(page)):
                yield model, pk
