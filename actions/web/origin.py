"""Where a POST comes from. Pages carry no token and no cookie; the browser says which site sent the form.

The rule follows the algorithm of Go's http.CrossOriginProtection (https://go.dev/src/net/http/csrf.go): browsers have
sent Sec-Fetch-Site since 2020–2023, and Origin with every POST for longer. A request with neither comes from a program
or from behind a proxy that strips headers; there is no cookie it could ride on, so it is let through.

A page whose address is a secret tells no referrer, and a browser then sends `Origin: null` with the page's own form
(https://fetch.spec.whatwg.org/#append-a-request-origin-header). Where it sends no Sec-Fetch-Site beside it, nothing
tells that form from a stranger's: there the secret in the address is what allows (docs/decisions/0043).
"""

from django.http import HttpRequest


def same_origin(request: HttpRequest, *, at_a_secret: bool = False) -> bool:
    """Whether the form was sent from our own site, as far as the browser tells; or by who knows a secret address."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if origin == "null" and at_a_secret:
        return True
    if origin:
        return origin.lower() == f"{request.scheme}://{request.get_host()}".lower()
    return True
