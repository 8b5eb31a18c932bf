"""Every part of the site on one page, from the samples that the admin's previews show. In development only."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from wagtail.models import Site

from actions.blocks import ActionBody
from actions.pages import preview
from actions.pages.action import ActionPage
from home.organisation import Organisation

FORM_STATES = [mode for mode in preview.NAMES if mode not in ("thanks", "already")]


def styleguide(request: HttpRequest) -> HttpResponse:
    """`/nb/styleguide/`: colours, words, buttons, every state of the form, every block."""
    page = ActionPage.objects.live().for_visitors().filter(locale__language_code=get_language()).first()
    if page is None:
        raise Http404
    organisation = Organisation.for_site(Site.find_for_request(request), str(get_language()))
    context = {"organisation": organisation, "stage": "open", "request": request}
    blocks = [
        (block.label, name, mark_safe(block.render(block.get_preview_value(), context)))
        for name, block in ActionBody().child_blocks.items()
    ]
    states = [(preview.NAMES[mode], mode, _state(request, page, mode)) for mode in FORM_STATES]
    return render(
        request,
        "actions/pages/styleguide.html",
        {"blocks": blocks, "states": states, "colours": COLOURS, "stages": STAGES},
    )


COLOURS = ["paper", "tint", "raised", "ink", "soft", "line", "edge", "signal", "alert", "alert-tint", "focus"]
STAGES = ["draft", "scheduled", "open", "paused", "ended", "delivered", "won"]


def _state(request: HttpRequest, page: ActionPage, mode: str) -> str:
    """The panel beside the story, as the preview of this state has it."""
    fresh = ActionPage.objects.for_visitors().get(pk=page.pk)
    shown = fresh.serve_preview(request, mode)
    return mark_safe(
        shown.resolve_template("actions/signing/_panel.html").render(shown.resolve_context(shown.context_data), request)
    )
