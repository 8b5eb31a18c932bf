"""One page with all it refers to, or one record: sending it, what changed in its source, and files of all its texts."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.compare import TextDiff, diff_text
from wagtail.models import Locale
from wagtail_localize.models import Translation

from actions.pages.everything import everything_of
from actions.translating import differences, exchange
from actions.translating.overview import of_one, title_of
from actions.translating.progress import Stand, target_of, with_progress
from actions.translating.rights import SEND
from actions.translating.sending import send

from .guard import needs
from .places import place_of
from .screens import show
from .translation_table import ICON, SEE, address_of, may_translate, shown, thing_at


@needs(SEE)
def thing(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """A page with all it refers to, or a record: how far each is, sending what is not sent, and one file of it all."""
    found = thing_at(kind, pk)
    locales = list(Locale.objects.order_by("pk"))
    parts = [found, *(part for part in reversed(everything_of(found)) if part != found)]
    rows = [of_one(part, locales) for part in parts]
    context = {
        "kind": kind,
        "thing": found,
        "rows": [shown(row, locales, request.user) for row in rows],
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
    found = thing_at(kind, pk)
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
    target = target_of(found)
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
    found = thing_at(kind, pk)
    get_object_or_404(Locale, language_code=language)
    parts = _translations_of(found, language)
    if request.method != "POST":
        if not parts:
            messages.error(request, gettext("Nothing is sent to this language yet."))
            return redirect(address_of(found))
        response = HttpResponse(str(exchange.to_po(parts, language)), content_type="text/x-gettext-translation")
        name = slugify(title_of(found)) or kind
        response["Content-Disposition"] = f'attachment; filename="{name}-{language}.po"'
        return response
    targets = [(row, target_of(row)) for row in parts]
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
