"""While the database is away, full or read-only: a readable page that says so, and when to come back."""

import sys

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.defaults import server_error as plain

from .answers import unavailable

AWAY = (OperationalError, InterfaceError, InternalError)


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`: an error of the database's own, in a view or around it, is a 503. What else goes wrong is a 500."""
    return unavailable(request) if isinstance(sys.exc_info()[1], AWAY) else plain(request)
