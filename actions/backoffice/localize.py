"""Addresses of wagtail-localize that we answer ourselves; its own buttons lead to them, and so to our screens.

Each says what upstream does, seen with 1.14.5 on 2026-11-25. They come before upstream's in the list of addresses.
"""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import include, path, reverse
from django.utils.translation import gettext, ngettext
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from wagtail.admin.views.pages.utils import get_valid_next_url_from_request
from wagtail.models import Page
from wagtail_localize.models import StringSegment, Translation, TranslationSource
from wagtail_localize.views.edit_translation import StringTranslationSerializer, edit_string_translation
from wagtail_localize.views.report import TranslationsReportView

from actions.translating.progress import target_of
from actions.translating.rights import SEND
from actions.translating.upstream import keep_too_long, longest

from .guard import needs
from .translation_screens import tell_of_file
from .translation_table import MODELS, address_of, may_translate


@needs(SEND)
def submit_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """Upstream sends the page and leaves out recipients, country and the pages above. Ours sends everything."""
    return redirect(address_of(get_object_or_404(Page.objects.exclude(depth=1), pk=page_id)))


@needs(SEND)
def submit_snippet(request: HttpRequest, app_label: str, model_name: str, pk: str) -> HttpResponse:
    if model_name not in MODELS or not pk.isdecimal():
        raise Http404
    return redirect(address_of(get_object_or_404(MODELS[model_name], pk=pk)))


@needs(SEND)
def update(request: HttpRequest, translation_source_id: int) -> HttpResponse:
    """Upstream asks the editor to push each change, and may publish half translations. Ours follow by themselves."""
    source = get_object_or_404(TranslationSource, pk=translation_source_id)
    messages.info(request, gettext("Translations follow by themselves as soon as a change is published."))
    return redirect(address_of(source.get_source_instance()))


def _for_translator(request: HttpRequest, pk: int) -> tuple[Translation, Any]:
    """The translation and what it makes; 403 for who may not change that, 404 where it is gone."""
    translation = get_object_or_404(Translation.objects.select_related("source", "target_locale"), pk=pk)
    target = target_of(translation)
    if target is None:
        raise Http404
    if not may_translate(request.user, target):
        raise PermissionDenied
    return translation, target


def upload_pofile(request: HttpRequest, translation_id: int) -> HttpResponse:
    """Upstream answers 500 where no file is sent, or one without its header."""
    translation, _target = _for_translator(request, translation_id)
    if request.method == "POST":
        tell_of_file(request, request.FILES.get("file"), [translation])
    return redirect(get_valid_next_url_from_request(request) or reverse("wagtailadmin_home"))


def _sent(request: HttpRequest) -> str:
    """The text of a PUT, which Django does not parse; the body is kept, so that upstream can read it again."""
    request.body  # noqa: B018
    return Request(request, parsers=[FormParser(), MultiPartParser()]).data.get("value", "")


def edit_string(request: HttpRequest, translation_id: int, string_segment_id: int) -> HttpResponse:
    """Upstream answers 500 for a title of 300 characters, and takes what is too long for a block."""
    if request.method == "PUT":
        translation, _target = _for_translator(request, translation_id)
        segment = get_object_or_404(
            StringSegment.objects.select_related("context", "string"),
            pk=string_segment_id,
            source_id=translation.source_id,
        )
        text = _sent(request)
        limit = longest(segment.context, translation.source.specific_content_type.model_class())
        if limit is not None and len(text) > limit:
            told = ngettext("At most %(n)s character fits here.", "At most %(n)s characters fit here.", limit) % {
                "n": limit
            }
            stored = keep_too_long(translation, segment, text, told, request.user)
            answer = StringTranslationSerializer(stored, context={"translation_source": translation.source}).data
            return JsonResponse(answer, status=HTTPStatus.OK)
    return edit_string_translation(request, translation_id=translation_id, string_segment_id=string_segment_id)


class OrderedReport(TranslationsReportView):
    """Upstream's report has no order, so that its pages may repeat a row and lose another."""

    def get_queryset(self):
        return super().get_queryset().order_by("-pk")


def addresses() -> list:
    """Hook `register_admin_urls`, before upstream's own."""
    ours = [
        path("submit/page/<int:page_id>/", submit_page, name="submit_page"),
        path("submit/snippet/<slug:app_label>/<slug:model_name>/<str:pk>/", submit_snippet, name="submit_snippet"),
        path("update/<int:translation_source_id>/", update, name="update"),
        path("translate/<int:translation_id>/pofile/upload/", upload_pofile, name="upload"),
        path("translate/<int:translation_id>/strings/<int:string_segment_id>/edit/", edit_string, name="edit_string"),
        path("reports/translations/", OrderedReport.as_view(), name="report"),
        path("reports/translations/results/", OrderedReport.as_view(results_only=True), name="report_results"),
    ]
    return [path("localize/", include((ours, "localize_instead")))]
