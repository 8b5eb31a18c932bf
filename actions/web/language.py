"""The language of an answer is that of its address."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils.translation import get_language

from .answers import never_kept

# Addresses for programs, and of words in one language, have none in front; one that is not there is not looked for
# among the pages.
WITHOUT_LANGUAGE = ("/api/", "/members/", "/.well-known/", "/consents/")


class LanguageOfAddress(LocaleMiddleware):
    """Django's middleware; but what anybody may keep never says that it depends on the languages somebody prefers."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code == 404 and request.path_info.startswith(settings.NOT_FOR_EVERYBODY):
            never_kept(response)  # a link of staff's, opened elsewhere
            response.headers.setdefault("Content-Language", get_language())
            return response  # nor is that looked for among the pages
        if "public" in response.get("Cache-Control", "") or request.path_info.startswith(WITHOUT_LANGUAGE):
            response.headers.setdefault("Content-Language", get_language())
            return response
        return super().process_response(request, response)
