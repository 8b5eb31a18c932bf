"""Addresses. Pages live under their language; staff under /admin/, on a surface of its own where SURFACE says so."""

from anymail import urls as anymail_urls
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls

from actions.web import machines
from actions.web.api import api, not_here
from actions.web.consents import consent_words
from actions.web.documents import document
from actions.web.feeds import ActionsFeed
from actions.web.members import api as members_api
from actions.web.serving import serve

handler400, handler403, handler404 = (
    f"actions.web.lost.{name}" for name in ("bad_request", "permission_denied", "page_not_found")
)
handler500 = "actions.web.down.server_error"


def _mail_events() -> list:
    """What the mail provider in use calls when a mail came back; the doors of the others stay shut."""
    provider = settings.EMAIL_BACKEND.removeprefix("anymail.backends.").split(".")[0]
    return [route for route in anymail_urls.urlpatterns if route.name == f"{provider}_tracking_webhook"]


mail_events = (_mail_events(), "anymail")

urlpatterns = [
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
    path("api/v1/", api.urls),
    re_path("^api/", not_here, name="api_not_here"),
    path("consents/<slug:language>-<int:version>/", consent_words, name="consent_words"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("favicon.ico", machines.favicon, name="favicon"),
    path("robots.txt", machines.robots, name="robots"),
    path(".well-known/security.txt", machines.security, name="security"),
    path(".well-known/change-password", machines.change_password, name="change_password"),
]

if settings.SURFACE == "public":
    # Under the name that Wagtail's links to documents ask for.
    urlpatterns.append(path("documents/<int:document_id>/<str:filename>", document, name="wagtaildocs_serve"))
else:
    from django.views.generic import RedirectView
    from wagtail.admin import urls as wagtailadmin_urls
    from wagtail.documents import urls as wagtaildocs_urls

    urlpatterns += [
        path("staff/", include("mysite.staff_urls")),
        # Wagtail's own log-in knows no second factor.
        path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
        path("admin/", include(wagtailadmin_urls)),
        path("documents/", include(wagtaildocs_urls)),
        path("mail-events/", include(mail_events)),
        path("members/v1/", members_api.urls),
        re_path("^members/", not_here, name="members_not_here"),
    ]

if settings.DEBUG:
    from actions.web import mailbox
    from actions.web.styleguide import styleguide

    urlpatterns += [
        path("dev/mailbox/", mailbox.mailbox, name="mailbox"),
        path("dev/mailbox/<slug:name>/", mailbox.letter, name="mailbox_letter"),
    ]

pages = [
    path("my-signature/", include("actions.urls")),
    path("feed/", ActionsFeed(), name="feed"),
    re_path(wagtail_urls.serve_pattern, serve, name="wagtail_serve"),
]
if settings.DEBUG:
    pages.insert(0, path("styleguide/", styleguide, name="styleguide"))
if settings.SURFACE != "public":  # where a page's password goes; before the pages, which any address may be
    pages.insert(0, path("", include([url for url in wagtail_urls.urlpatterns if url.name != "wagtail_serve"])))

urlpatterns += i18n_patterns(*pages, prefix_default_language=True)
