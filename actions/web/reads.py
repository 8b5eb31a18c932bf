"""What an address reads of its query. Whatever else stands there makes no other answer, and no other name for it.

deploy/nginx.conf has the same table for its own cache; a test holds the two together. `?s=`, which counts where a
signer came from, is read when somebody signs and by no page.
"""

import re

from django.http import QueryDict

# The first that fits. Pages are /LANGUAGE/…/; the list of actions, which has the filters, is a child of the home page.
TABLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"/api/v1/actions", ("language", "state", "country", "limit", "offset")),
    (r"/api/v1/actions\.csv", ("language", "state", "country")),
    (r"/api/v1/actions/[^/]+(/deliveries)?", ("language",)),
    (r"/api/v1/actions/[^/]+/history", ("since",)),
    (r"/[^/]+/(my-signature|feed)/", ()),
    (r"/[^/]+/[^/]+/", ("q", "state", "country", "right", "page")),
)
_TABLE = tuple((re.compile(pattern), names) for pattern, names in TABLE)


def read_of(path: str) -> tuple[str, ...]:
    """The parameters that the address at `path` reads."""
    return next((names for pattern, names in _TABLE if pattern.fullmatch(path)), ())


def asked_of(path: str, query: QueryDict) -> dict[str, str]:
    """What of the query makes a difference, in one order."""
    return {name: query[name] for name in read_of(path) if query.get(name)}
