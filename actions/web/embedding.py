"""The form in a frame on another site: which addresses are meant for it, and which sites may show them."""

from csp.constants import HEADER
from django.http import HttpRequest, HttpResponse
from wagtail.models import Page

from actions.pages.action import ActionPage

from .headers import policy


def embedded_url(page: ActionPage, request: HttpRequest) -> str:
    return page.get_url(request) + page.reverse_subpage("embed")


def is_embedded(page: ActionPage, request: HttpRequest) -> bool:
    return request.path.startswith(embedded_url(page, request))


def framed(response: HttpResponse, page: Page, request: HttpRequest) -> HttpResponse:
    """Let the sites that the petition names show the answer in a frame; everything else stays as strict as it was.

    X-Frame-Options knows no list of sites, so it is left out where frame-ancestors says it all.
    """
    if not isinstance(page, ActionPage):
        return response
    if is_embedded(page, request):
        response.headers[HEADER] = policy(*(page.petition.frame_ancestors() if page.petition else []), own=True)
        response.xframe_options_exempt = True
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    elif response.get("Content-Type", "").startswith("image/"):
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
