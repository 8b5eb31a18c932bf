"""The one screen of translators: how far everything is in every language, with filters and as a file."""

import csv
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Locale, Page

from actions.delivery.models import Recipient
from actions.mailing.models import Mailing
from actions.pages.action import ActionPage
from actions.pages.action_index import ActionIndexPage
from actions.pages.country import CountryIndexPage, CountryPage
from actions.pages.rights import RightsArticle
from actions.rules.cells import safe_cell
from actions.translating.overview import Cell, Row, overview
from actions.translating.progress import Stand
from actions.translating.rights import only_translates
from home.message import SiteMessage
from home.organisation import Organisation
from home.pages import ContentPage, HomePage

from .guard import needs
from .menus import item_for
from .period import moment
from .screens import show
from .translation_screens import compare, file, send_thing, thing
from .translation_table import ICON, SEE, fits, shown

A_PAGE = 50

ACTIONS, PAGES, RECORDS, MAILS = "actions", "pages", "records", "mails"
KINDS: dict[str, str | Promise] = {
    ACTIONS: _("Actions"),
    PAGES: _("Other pages"),
    RECORDS: _("Records and settings"),
    MAILS: _("Email to signers"),
}


def kinds_for(user: Any) -> dict[str, str | Promise]:
    """What somebody may look at: mails only with the right to."""
    return {kind: label for kind, label in KINDS.items() if kind != MAILS or user.has_perm("actions.view_mailing")}


def things(kind: str) -> Iterator[Any]:
    """All pages or records of a kind, in all their languages."""
    if kind == ACTIONS:
        yield from _without_texts(ActionPage).filter(is_model=False).order_by("-pk")
    elif kind == PAGES:
        for model in (HomePage, ActionIndexPage, CountryIndexPage, CountryPage, ContentPage):
            yield from _without_texts(model).order_by("path")
    else:
        for record in (Organisation, SiteMessage, Recipient, RightsArticle):
            yield from record.objects.select_related("locale").order_by("pk")


def _without_texts(model: type[Page]):
    """Pages without what takes room in them; titles are enough for a list."""
    heavy = [field.name for field in model._meta.get_fields() if isinstance(field, StreamField | RichTextField)]
    return model.objects.select_related("locale").defer(*heavy)


def _rows(kind: str, locales: Sequence[Locale]) -> list[Row]:
    return mails(locales) if kind == MAILS else overview(things(kind), locales)


def mails(locales: Sequence[Locale]) -> list[Row]:
    """Mails to signers: written anew in each language, and nobody gets one in a language it has no text in."""
    rows = []
    for mailing in Mailing.objects.prefetch_related("texts").order_by("-pk"):
        there = set(mailing.languages())
        done = Stand.DRAFT if mailing.can_be_edited else Stand.PUBLISHED
        codes = [locale.language_code for locale in locales]
        cells = [Cell(code, done, 100) if code in there else Cell(code, Stand.MISSING, 0) for code in codes]
        rows.append(Row(mailing, mailing.name, cells))
    return rows


class Filter(forms.Form):
    """What to show. Nothing chosen shows the actions."""

    kind = forms.ChoiceField(label=_("What"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    stand = forms.ChoiceField(label=_("State"), choices=[("", _("All")), *Stand.choices], required=False)
    translator = forms.ChoiceField(label=_("Translator"), required=False)

    def __init__(self, data, *, kinds: dict, locales: Sequence[Locale], translators: dict[str, str]):
        super().__init__(data)
        self.fields["kind"].choices = list(kinds.items())
        languages = [(locale.language_code, locale.get_display_name()) for locale in locales]
        self.fields["language"].choices = [("", _("All")), *languages]
        self.fields["translator"].choices = [("", _("All")), *translators.items()]

    def value(self, name: str) -> str:
        self.is_valid()  # what is no choice filters nothing
        return self.cleaned_data.get(name, "")


@needs(SEE)
def index(request: HttpRequest) -> HttpResponse:
    """Everything of a kind in every language; with `?export=csv` as a file, a line for each cell."""
    locales = list(Locale.objects.order_by("pk"))
    kinds = kinds_for(request.user)
    kind = asked if (asked := request.GET.get("kind", "")) in kinds else ACTIONS
    rows = _rows(kind, locales)
    people = {str(cell.who.pk): str(cell.who) for row in rows for cell in row.cells if cell.who}
    chosen = Filter(request.GET or {"kind": kind}, kinds=kinds, locales=locales, translators=people)
    wanted = [chosen.value(name) for name in ("language", "stand", "translator")]
    found = [row for row in rows if not any(wanted) or any(fits(cell, *wanted) for cell in row.cells)]
    if request.GET.get("export") == "csv":
        return _as_csv(found, wanted)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("p"))
    query = request.GET.copy()
    query.pop("p", None)
    context = {
        "form": chosen,
        "kind": kind,
        "locales": locales,
        "rows": [shown(row, locales, request.user, wanted) for row in page],
        "page": page,
        "query": query.urlencode(),
        "left": _left(rows),
    }
    return show(request, "translations", context, title=_("Translations"), icon=ICON)


def _left(rows: list[Row]) -> list[tuple[str, int]]:
    """How many cells of these rows are in which state."""
    cells = [cell.stand for row in rows for cell in row.cells]
    return [(stand.label, cells.count(stand)) for stand in Stand]


def _as_csv(rows: list[Row], wanted: Sequence[str]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    day = f"{timezone.localdate():%Y-%m-%d}"
    response["Content-Disposition"] = f'attachment; filename="translations-{day}.csv"'
    response.write("\ufeff")
    file = csv.writer(response)
    headings = [_("Title"), _("Language"), _("State"), _("Percent"), _("Machine texts"), _("Since"), _("Translator")]
    file.writerow([str(heading) for heading in headings])
    for row in rows:
        for cell in row.cells:
            if fits(cell, *wanted):
                line = [row.title, cell.language, cell.stand.label, cell.percent, cell.machine]
                file.writerow([safe_cell(str(value)) for value in [*line, moment(cell.since), cell.who or ""]])
    return response


def without_upstreams_report(request: HttpRequest, items: list) -> None:
    """Hook `construct_reports_menu`: one place tells of translations, and this is it.

    Wagtail's list of aging pages links each of them, whether or not somebody may change it; translators may change few.
    """
    hidden = [reverse("wagtail_localize:translations_report")]
    if only_translates(request.user):
        hidden.append(reverse("wagtailadmin_reports:aging_pages"))
    items[:] = [item for item in items if getattr(item, "url", "") not in hidden]


class TranslationsViewSet(ViewSet):
    name = "translations"
    url_prefix = "translations"
    icon = ICON
    menu_label = _("Translations")
    menu_order = 212
    add_to_admin_menu = True
    menu_item_class = item_for(SEE)

    def get_urlpatterns(self):
        return [
            path("", index, name="index"),
            path("changes/<int:translation>/", compare, name="compare"),
            path("<slug:kind>/<int:pk>/", thing, name="thing"),
            path("<slug:kind>/<int:pk>/send/", send_thing, name="send"),
            path("<slug:kind>/<int:pk>/<str:language>.po", file, name="file"),
        ]
