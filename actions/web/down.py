"""While the database is away, full or read-only: a readable page that says so, and when to come back."""

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse

from .answers import unavailable

AWAY = (OperationalError, InterfaceError, InternalError)


class DatabaseAway:
    """Middleware: an error of the database's own is a 503, not a 500."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        except AWAY:
            return unavailable(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return unavailable(request) if isinstance(exception, AWAY) else None


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`: an error outside a view, in another middleware, may be the database's too."""
    import sys

    from django.views.defaults import server_error as plain

    return unavailable(request) if isinstance(sys.exc_info()[1], AWAY) else plain(request)
