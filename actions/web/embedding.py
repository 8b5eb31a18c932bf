"""The form in a frame on another site: which addresses are meant for it, and which sites may show them."""

from typing import NamedTuple

from csp.constants import HEADER
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from wagtail.models import Page

from actions.pages.action import ActionPage
from home.standing import here

from .headers import policy


class Addresses(NamedTuple):
    """Where the form of an action is sent, on its page and in a frame, and where each leads afterwards."""

    page: str
    embedded: str
    thanks: dict[str, str]


def addresses(page: ActionPage, request: HttpRequest) -> Addresses:
    def find() -> Addresses:
        url = page.get_url(request)
        embedded = url + page.reverse_subpage("embed")
        thanks = {url: url + page.reverse_subpage("thanks"), embedded: url + page.reverse_subpage("embed_thanks")}
        return Addresses(url, embedded, thanks)

    # By where the page stands: one that was renamed a moment ago has other addresses than the one that is kept.
    return here(f"addresses:{page.pk}:{page.url_path}:{request.get_host()}", find)


def is_embedded(page: ActionPage, request: HttpRequest) -> bool:
    return request.path.startswith(addresses(page, request).embedded)


def framed(response: HttpResponse, page: Page, request: HttpRequest) -> HttpResponse:
    """Let the sites that the petition names show the answer in a frame; everything else stays as strict as it was.

    X-Frame-Options knows no list of sites, so it is left out where frame-ancestors says it all.
    """
    if not isinstance(page, ActionPage):
        return response
    if is_embedded(page, request):
        named = page.petition.frame_ancestors() if page.petition else []
        response.headers[HEADER] = policy(*named, *settings.EMBED_FROM_HERE, own=True)
        response.xframe_options_exempt = True
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    elif response.get("Content-Type", "").startswith("image/"):
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
