"""Where a POST comes from. Pages carry no token and no cookie; the browser says which site sent the form.

The rule follows the algorithm of Go's http.CrossOriginProtection (https://go.dev/src/net/http/csrf.go): browsers have
sent Sec-Fetch-Site since 2020–2023, and Origin with every POST for longer. A request with neither comes from a program
or from behind a proxy that strips headers; there is no cookie it could ride on, so it is let through.
"""

from django.http import HttpRequest


def same_origin(request: HttpRequest) -> bool:
    """Whether the form was sent from our own site, as far as the browser tells."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if origin:
        return origin.lower() == f"{request.scheme}://{request.get_host()}".lower()
    return True
