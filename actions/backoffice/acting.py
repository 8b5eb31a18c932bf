"""Who acts: told to the database, for the audit trail, and to the log of requests."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from actions.accounts.trail import acting

FOR_STAFF = ("/admin/", "/staff/")


class Acting:
    """Middleware, after authentication: what a request of staff changes is told of in that person's name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(FOR_STAFF):
            return self.get_response(request)
        user_id = request.user.pk
        if request.method in ("GET", "HEAD", "OPTIONS"):
            response = self.get_response(request)
        else:
            with acting(user_id):
                response = self.get_response(request)
        request.staff = user_id or request.user.pk  # who logged in just now, or out
        return response
