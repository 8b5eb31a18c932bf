"""The screens of translators: how far everything is, what changed, one action with all it refers to, and files."""

import csv
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.compare import TextDiff, diff_text
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet
from wagtail.models import Locale, Page
from wagtail.snippets.permissions import user_can_edit_snippet_type
from wagtail_localize.models import Translation

from actions.delivery.models import Recipient
from actions.mailing.models import Mailing
from actions.pages.action import ActionPage
from actions.pages.action_index import ActionIndexPage
from actions.pages.country import CountryIndexPage, CountryPage
from actions.pages.everything import everything_of
from actions.pages.rights import RightsArticle
from actions.rules.cells import safe_cell
from actions.translating import differences, exchange
from actions.translating.overview import Cell, Row, of_one, overview
from actions.translating.progress import Stand, with_progress
from actions.translating.sending import send
from home.organisation import Organisation
from home.pages import ContentPage, HomePage

from .guard import needs
from .period import moment
from .places import place_of
from .screens import show
from .translators import only_translates

SEE = "actions.view_translationstatus"
SEND = "wagtail_localize.submit_translation"
A_PAGE = 50
ICON = "wagtail-localize-language"

ACTIONS, PAGES, RECORDS, MAILS = "actions", "pages", "records", "mails"
KINDS: dict[str, str | Promise] = {
    ACTIONS: _("Actions"),
    PAGES: _("Other pages"),
    RECORDS: _("Records and settings"),
    MAILS: _("Mail to signers"),
}


def kinds_for(user: Any) -> dict[str, str | Promise]:
    """What somebody may look at: mails only with the right to."""
    return {kind: label for kind, label in KINDS.items() if kind != MAILS or user.has_perm("actions.view_mailing")}


def title_of(thing: Any) -> str:
    return thing.get_admin_display_title() if isinstance(thing, Page) else str(thing)


def may_translate(user: Any, target: Any) -> bool:
    """Whether somebody may change a page or record in its language."""
    if isinstance(target, Page):
        return target.permissions_for_user(user).can_edit()
    return user_can_edit_snippet_type(user, type(target))


def things(kind: str) -> Iterator[Any]:
    """All pages or records of a kind, in all their languages."""
    if kind == ACTIONS:
        yield from ActionPage.objects.filter(is_model=False).select_related("locale").order_by("-pk")
    elif kind == PAGES:
        for model in (HomePage, ActionIndexPage, CountryIndexPage, CountryPage, ContentPage):
            yield from model.objects.select_related("locale").order_by("path")
    else:
        for record in (Organisation, Recipient, RightsArticle):
            yield from record.objects.select_related("locale").order_by("pk")


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


def _fits(cell: Cell, language: str, stand: str, translator: str) -> bool:
    return (
        language in ("", cell.language)
        and stand in ("", cell.stand)
        and translator in ("", str(cell.who.pk) if cell.who else "-")
    )


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
    found = [row for row in rows if not any(wanted) or any(_fits(cell, *wanted) for cell in row.cells)]
    if request.GET.get("export") == "csv":
        return _as_csv(found, wanted)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("p"))
    query = request.GET.copy()
    query.pop("p", None)
    context = {
        "form": chosen,
        "kind": kind,
        "locales": locales,
        "rows": [_shown(row, locales, request.user, wanted) for row in page],
        "page": page,
        "query": query.urlencode(),
        "left": _left(rows),
    }
    return show(request, "translations", context, title=_("Translations"), icon=ICON)


def _left(rows: list[Row]) -> list[tuple[str, int]]:
    """How many cells of these rows are in which state."""
    cells = [cell.stand for row in rows for cell in row.cells]
    return [(stand.label, cells.count(stand)) for stand in Stand]


def _shown(row: Row, locales: Sequence[Locale], user: Any, wanted: Sequence[str] = ("", "", "")) -> dict[str, Any]:
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
        "faded": any(wanted) and not _fits(cell, *wanted),
        "edit": _edit(cell, user),
        "compare": reverse("translations:compare", args=[cell.translation.pk]) if compare else None,
    }


def _edit(cell: Cell, user: Any) -> str | None:
    """The editor of a translation; of what was written by hand only for those who write."""
    if cell.target is None or (cell.translation is None and only_translates(user)):
        return None
    return AdminURLFinder(user).get_edit_url(cell.target)


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
            if _fits(cell, *wanted):
                line = [row.title, cell.language, cell.stand.label, cell.percent, cell.machine]
                file.writerow([safe_cell(str(value)) for value in [*line, moment(cell.since), cell.who or ""]])
    return response


# Records by the name they have in addresses.
MODELS = {"recipient": Recipient, "rightsarticle": RightsArticle, "organisation": Organisation}


def _thing(kind: str, pk: int) -> Any:
    """The page or record of an address; 404 where there is none."""
    if kind == "page":
        return get_object_or_404(Page.objects.exclude(depth=1), pk=pk).specific
    if kind not in MODELS:
        raise Http404
    return get_object_or_404(MODELS[kind].objects.select_related("locale"), pk=pk)


def address_of(thing: Any) -> str:
    """The screen of a page or record; a mail is written where it is composed."""
    if isinstance(thing, Mailing):
        return reverse("mailing:edit", args=[thing.pk])
    kind = "page" if isinstance(thing, Page) else thing._meta.model_name
    return reverse("translations:thing", args=[kind, thing.pk])


@needs(SEE)
def thing(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """A page with all it refers to, or a record: how far each is, sending what is not sent, and one file of it all."""
    found = _thing(kind, pk)
    locales = list(Locale.objects.order_by("pk"))
    parts = [found, *(part for part in reversed(everything_of(found)) if part != found)]
    rows = [of_one(part, locales) for part in parts]
    context = {
        "kind": kind,
        "thing": found,
        "rows": [_shown(row, locales, request.user) for row in rows],
        "locales": locales,
        "others": [locale for locale in locales if locale.pk != found.locale_id],
        "to_send": sum(cell.stand is Stand.MISSING for row in rows for cell in row.cells),
        "may_send": request.user.has_perm(SEND),
    }
    return show(request, "translation_of_thing", context, title=title_of(found), icon=ICON)


@require_POST
@needs(SEND)
def send_thing(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Everything of it, to all languages, in one click."""
    found = _thing(kind, pk)
    _send(request, everything_of(found))
    return redirect(address_of(found))


def _send(request: HttpRequest, instances: list[Any]) -> None:
    try:
        sent = send(instances, Locale.objects.all(), request.user)
    except ValidationError as error:
        told = gettext("Nothing was sent. Put this right first: %(what)s")
        messages.error(request, told % {"what": " ".join(error.messages)})
        return
    if sent.begun:
        told = ngettext("%(n)s translation begun, as a draft.", "%(n)s translations begun, as drafts.", sent.begun)
        messages.success(request, told % {"n": sent.begun})
    else:
        messages.info(request, gettext("Everything was sent already."))


@needs(SEE)
def compare(request: HttpRequest, translation: int) -> HttpResponse:
    """What changed in the source since the translation was published, side by side; and what a machine wrote."""
    rows = with_progress(Translation.objects.filter(enabled=True).select_related("source", "target_locale", "status"))
    found = get_object_or_404(rows, pk=translation)
    target = found.source.object.get_instance_or_none(found.target_locale)
    if target is None:
        raise Http404
    if request.method == "POST":
        if not may_translate(request.user, target):
            raise PermissionDenied
        chosen = [int(value) for value in request.POST.getlist("read") if value.isdecimal()]
        number = differences.confirm_machine(found, chosen, request.user)
        told = ngettext("%(n)s text is taken as read.", "%(n)s texts are taken as read.", number)
        messages.success(request, told % {"n": number})
        return redirect("translations:compare", found.pk)
    source = found.source.get_source_instance()
    context = {
        "translation": found,
        "source": source,
        "target": target,
        "differences": [_difference(each, source) for each in differences.differences(found)],
        "edit": AdminURLFinder(request.user).get_edit_url(target),
        "may": may_translate(request.user, target),
        "status": getattr(found, "status", None),
    }
    title = f"{found.source.object_repr}: {found.target_locale.get_display_name()}"
    return show(request, "translation_compare", context, title=title, icon=ICON)


def _difference(found: differences.Difference, source: Any) -> dict[str, Any]:
    """A text as it was and as it is, each with what differs marked."""
    changes = diff_text(found.old, found.new).changes if found.old and found.new else []
    before = TextDiff([change for change in changes if change[0] != "addition"]).to_html(tag="del")
    now = TextDiff([change for change in changes if change[0] != "deletion"]).to_html(tag="ins")
    return {
        "found": found,
        "place": place_of(found.path, source),
        "before": before or found.old,
        "now": now or found.new,
    }


def _translations_of(found: Any, language: str) -> list[Translation]:
    """The translations of a page and all it refers to into a language, the page itself first."""
    keys = [part.translation_key for part in reversed(everything_of(found))]
    rows = Translation.objects.filter(
        source__object_id__in=keys, target_locale__language_code=language, enabled=True
    ).select_related("source", "target_locale")
    return sorted(rows, key=lambda row: keys.index(row.source.object_id))


@needs(SEE)
def file(request: HttpRequest, kind: str, pk: int, language: str) -> HttpResponse:
    """GET: everything of a page in a language as one PO file. POST: such a file, translated."""
    found = _thing(kind, pk)
    locale = get_object_or_404(Locale, language_code=language)
    parts = _translations_of(found, language)
    if request.method != "POST":
        if not parts:
            messages.error(request, gettext("Nothing is sent to this language yet."))
            return redirect(address_of(found))
        response = HttpResponse(str(exchange.to_po(parts, language)), content_type="text/x-gettext-translation")
        name = slugify(title_of(found)) or kind
        response["Content-Disposition"] = f'attachment; filename="{name}-{language}.po"'
        return response
    targets = [(row, row.source.object.get_instance_or_none(locale)) for row in parts]
    allowed = [row for row, target in targets if target is not None and may_translate(request.user, target)]
    if not allowed:
        raise PermissionDenied
    tell_of_file(request, request.FILES.get("file"), allowed)
    return redirect(address_of(found))


def tell_of_file(request: HttpRequest, upload: Any, translations: list[Translation]) -> None:
    """Take a PO file in, and say what came of it."""
    try:
        result = exchange.take_in(exchange.read(upload), translations, request.user)
    except exchange.BadFile as error:
        reasons = {
            "empty": gettext("The file is empty. Choose the PO file you have translated."),
            "large": gettext("The file is too large. It may have 5 MB."),
            "format": gettext("This is no PO file, or it was damaged on the way. Nothing was taken in."),
        }
        messages.error(request, reasons[error.reason])
        return
    told = ngettext("%(n)s text taken in.", "%(n)s texts taken in.", result.changed) % {"n": result.changed}
    more = [
        (result.same, gettext("as they were: %(n)s")),
        (result.empty, gettext("not translated: %(n)s")),
        (result.fuzzy, gettext("marked as fuzzy, not taken: %(n)s")),
        (result.unknown, gettext("not of this action, or no longer in it: %(n)s")),
        (result.wrong, gettext("too long or with broken links, to be put right: %(n)s")),
    ]
    details = "; ".join(text % {"n": number} for number, text in more if number)
    level = messages.warning if result.wrong or result.unknown else messages.success
    level(request, f"{told} ({details})" if details else told)


def without_upstreams_report(request: HttpRequest, items: list) -> None:
    """Hook `construct_reports_menu`: one place tells of translations, and this is it."""
    items[:] = [item for item in items if getattr(item, "url", "") != reverse("wagtail_localize:translations_report")]


class TranslationsMenuItem(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm(SEE)


class TranslationsViewSet(ViewSet):
    name = "translations"
    url_prefix = "translations"
    icon = ICON
    menu_label = _("Translations")
    menu_order = 212
    add_to_admin_menu = True
    menu_item_class = TranslationsMenuItem

    def get_urlpatterns(self):
        return [
            path("", index, name="index"),
            path("changes/<int:translation>/", compare, name="compare"),
            path("<slug:kind>/<int:pk>/", thing, name="thing"),
            path("<slug:kind>/<int:pk>/send/", send_thing, name="send"),
            path("<slug:kind>/<int:pk>/<str:language>.po", file, name="file"),
        ]
