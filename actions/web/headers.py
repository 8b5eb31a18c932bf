"""What every answer tells a browser about itself: what may run, who may frame it, who may read it.

The public site runs nothing inline and asks nothing of other hosts, but for a film's player after a click. Nor do the
log-in and our own screens of the admin, where signers' words are shown. Wagtail's editors, lists and choosers need
inline scripts (docs/decisions/0031-log-in.md lists them), but no handlers in attributes. The admin is never framed by
others, and asks nothing of other hosts either.
"""

from functools import lru_cache

from csp.constants import HEADER, NONE, SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from .answers import too_long

# Of a Location. A proxy that cannot read the heads of an answer takes the process for broken (deploy/nginx.conf).
LONGEST_REDIRECT = 4096
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
        "xr-spatial-tracking",
    )
)
# What other sites may read or show: pictures for link previews, the script of an embedded form, figures.
FOR_OTHER_SITES = ("/api/", settings.STATIC_URL, settings.MEDIA_URL)
FOR_STAFF = {
    "script-src": [SELF],
    "script-src-attr": [NONE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
}


@lru_cache(maxsize=512)
def policy(*hosts: str, own: bool = False) -> str:
    """The policy of a public page. `hosts` may frame it, and with `own` we ourselves; otherwise nobody may."""
    frames = [*([SELF] if own else []), *hosts]
    return build_policy(replace={"frame-ancestors": frames} if frames else None)


class Headers(CSPMiddleware):
    """Middleware, around everything: static files and errors too."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if len(response.get("Location", "")) > LONGEST_REDIRECT:
            response = too_long(request)
        is_staffs = request.path_info.startswith(settings.NOT_FOR_EVERYBODY)
        if is_staffs:  # a preview comes with the policy of the page that is previewed
            strict = getattr(response, "runs_nothing_inline", False)
            response.headers[HEADER] = _for_staff(inline=request.path_info.startswith("/admin/") and not strict)
        elif HEADER not in response:
            response.headers[HEADER] = policy()
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        shared = request.path_info.startswith(FOR_OTHER_SITES)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if shared else "same-origin")
        return response


@lru_cache(maxsize=2)
def _for_staff(*, inline: bool) -> str:
    return build_policy(replace=FOR_STAFF | ({"script-src": [SELF, UNSAFE_INLINE]} if inline else {}))
