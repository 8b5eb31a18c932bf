"""How a page or record stands in each language, as the screens of translators show it."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Locale, Page, PagePermissionTester
from wagtail.snippets.permissions import user_can_edit_snippet_type

from actions.delivery.models import Recipient
from actions.mailing.models import Mailing
from actions.pages.rights import RightsArticle
from actions.translating.overview import Cell, Row
from actions.translating.progress import Stand, made_by
from actions.translating.rights import only_translates
from home.message import SiteMessage
from home.organisation import Organisation

SEE = "actions.view_translationstatus"
ICON = "wagtail-localize-language"

# Records by the name they have in addresses.
MODELS = {
    "recipient": Recipient,
    "rightsarticle": RightsArticle,
    "organisation": Organisation,
    "sitemessage": SiteMessage,
}


def thing_at(kind: str, pk: int) -> Any:
    """The page or record of an address, or what it is a translation of; 404 where there is none."""
    if kind == "page":
        found: Any = get_object_or_404(Page.objects.exclude(depth=1), pk=pk).specific
    elif kind in MODELS:
        found = get_object_or_404(MODELS[kind].objects.select_related("locale"), pk=pk)
    else:
        raise Http404
    translation = made_by(found).first()
    return translation.source.get_source_instance() if translation else found


def address_of(thing: Any) -> str:
    """The screen of a page or record; a mail is written where it is composed."""
    if isinstance(thing, Mailing):
        return reverse("mailing:edit", args=[thing.pk])
    kind = "page" if isinstance(thing, Page) else thing._meta.model_name
    return reverse("translations:thing", args=[kind, thing.pk])


def may_translate(user: Any, target: Any) -> bool:
    """Whether somebody may change a page or record. That it is a translation is known here, and not asked of each."""
    if isinstance(target, Page):
        return PagePermissionTester(user, target).can_edit()
    return user_can_edit_snippet_type(user, type(target))


def fits(cell: Cell, language: str, stand: str, translator: str) -> bool:
    return (
        language in ("", cell.language)
        and stand in ("", cell.stand)
        and translator in ("", str(cell.who.pk) if cell.who else "-")
    )


def shown(row: Row, locales: Sequence[Locale], user: Any, wanted: Sequence[str] = ("", "", "")) -> dict[str, Any]:
    """A row as the template wants it: a cell for each language, empty for the one it was written in."""
    cells = {cell.language: cell for cell in row.cells}
    return {
        "row": row,
        "url": address_of(row.source),
        "cells": [_cell(cells.get(locale.language_code), user, wanted) for locale in locales],
    }


def _cell(cell: Cell | None, user: Any, wanted: Sequence[str]) -> dict[str, Any] | None:
    if cell is None:
        return None
    compare = (cell.translation is not None and cell.stand is Stand.OUT_OF_DATE) or bool(cell.machine)
    return {
        "cell": cell,
        "faded": any(wanted) and not fits(cell, *wanted),
        "edit": _edit(cell, user),
        "compare": reverse("translations:compare", args=[cell.translation.pk]) if compare else None,
    }


def _edit(cell: Cell, user: Any) -> str | None:
    """The editor of a translation; of what was written by hand only for those who write."""
    if cell.target is None or (cell.translation is None and only_translates(user)):
        return None
    if isinstance(cell.target, Page):
        return reverse("wagtailadmin_pages:edit", args=[cell.target.pk]) if may_translate(user, cell.target) else None
    return AdminURLFinder(user).get_edit_url(cell.target)
