"""What is broken and known, by its cause. Whoever mends one takes its lines away: the tests insist."""

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from .promises import Broken


class Known(NamedTuple):
    """A kind of broken promise: why, and which ones."""

    why: str
    fits: Callable[[Broken], bool]


def _path(broken: Broken) -> str:
    return urlsplit(broken.address).path


KNOWN = {
    "icons": Known(
        "browsers and telephones ask for icons at fixed addresses, where there are none",
        lambda broken: _path(broken) in ("/favicon.ico", "/apple-touch-icon.png") and broken.came == "404",
    ),
    "capitals": Known(
        "an address that is typed in capitals is not found",
        lambda broken: _path(broken).isupper() and broken.came == "404",
    ),
}
# The same of what editors use: by the end of its name, why it is not shown.
NOT_SHOWN: dict[str, str] = {}
