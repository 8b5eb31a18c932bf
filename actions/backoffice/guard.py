"""Who may do what: each screen names its right, and the dangerous rights ask for the second factor anew."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from .second_factor import ask_again

# Rights to see who signed, to take that along, to bring it in or hand it over, to decide what counts, to set how much
# of it is allowed, and to say who of staff may do so. A session at a desk that somebody left, or that was stolen, is
# not enough for them.
FRESH = frozenset(
    {
        "actions.open_signer",
        "actions.export_signature",
        "actions.delete_signer",
        "actions.add_signatureimport",
        "actions.add_reviewrule",
        "actions.add_delivery",
        "actions.decide_allowedrecipient",
        "actions.confirm_paperbatch",
        "actions.close_petition",
        "actions.send_mailing",
        "actions.change_signingrules",
        "actions.change_listedaddress",
        "actions.change_membernotice",
        "home.change_user",
    }
)


def needs(permission: str, *, also: str = "", fresh: bool = True) -> Callable:
    """For views: 403 without the right, and for the rights in FRESH only a short while after the second factor.

    `also` is the right to do more on the same screen: only those who have it are asked. The screen asks when it is
    opened, so that nothing typed is lost. Without `fresh` nobody is asked, where nothing of signers is shown.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        asks = next((right for right in (permission, also) if fresh and right in FRESH), "")

        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            if asks and request.user.has_perm(asks) and (answer := ask_again(request)):
                return answer
            return view(request, *args, **kwargs)

        guarded.permission, guarded.asks = permission, asks
        return guarded

    return decorate
