"""The language of an answer is that of its address."""

from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils.translation import get_language

# Addresses for programs, and of words in one language, have none in front; one that is not there is not looked for
# among the pages.
WITHOUT_LANGUAGE = ("/api/", "/members/", "/.well-known/", "/consents/")


class LanguageOfAddress(LocaleMiddleware):
    """Django's middleware; but what anybody may keep never says that it depends on the languages somebody prefers."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if "public" in response.get("Cache-Control", "") or request.path_info.startswith(WITHOUT_LANGUAGE):
            response.headers.setdefault("Content-Language", get_language())
            return response
        return super().process_response(request, response)
