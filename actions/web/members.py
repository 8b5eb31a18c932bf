"""The pull interface of the membership system: GET /members/v1/contacts?after=CURSOR with a bearer token.

On the staff surface only. Answers 401 without the token, 400 to a cursor that is none, 503 where a key is missing.
"""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET

from actions.signing import members
from actions.signing.keys import KeyLost

from .answers import never_kept


@require_GET
@sensitive_variables()
def contacts(request: HttpRequest) -> JsonResponse:
    """Notices after a cursor, oldest first; `next` is the cursor to go on with, `more` whether there is more."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not members.token_fits(token.strip()):
        answer = JsonResponse({"error": "a bearer token is needed"}, status=401)
        answer["WWW-Authenticate"] = "Bearer"
        return never_kept(answer)
    try:
        after, limit = int(request.GET.get("after", 0)), int(request.GET.get("limit", members.ON_A_PAGE))
        if not (0 <= after < 2**63 and 1 <= limit <= members.MAX_PAGE):
            raise ValueError
    except ValueError:
        return never_kept(JsonResponse({"error": "after and limit are whole numbers; limit at most 500"}, status=400))
    try:
        found = members.page(after, limit=limit)
    except KeyLost:
        return never_kept(JsonResponse({"error": "a key is missing here"}, status=503))
    next_cursor = found[-1]["cursor"] if found else after
    return never_kept(JsonResponse({"contacts": found, "next": next_cursor, "more": len(found) == limit}))
