"""Who may do what: each screen names its right, and the dangerous ones ask for the second factor anew."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from .second_factor import ask_again


def needs(permission: str, *, fresh: bool = False) -> Callable:
    """For views: 403 without the right. With `fresh`, only a short while after the second factor."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            if fresh and (answer := ask_again(request)):
                return answer
            return view(request, *args, **kwargs)

        guarded.permission = permission
        return guarded

    return decorate
