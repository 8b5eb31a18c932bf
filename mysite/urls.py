"""Addresses. Pages live under their language; staff under /admin/."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from actions.web.serving import serve

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("dev/", include("actions.urls")),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
    *i18n_patterns(
        re_path(wagtail_urls.serve_pattern, serve, name="wagtail_serve"),
        path("", include(wagtail_urls)),
        prefix_default_language=True,
    ),
]
