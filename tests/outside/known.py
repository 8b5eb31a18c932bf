"""What is broken and known, by its cause. Whoever mends one takes its lines away: the tests insist."""

import re
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
    "documents": Known(
        "a page with a link to a document, or with a film of one's own, answers 500: the public surface has no address "
        "for documents; and such a link in a mail leads to an address of staff's",
        lambda broken: (
            bool(re.search("-document/$|-video-of-our-own", _path(broken)) and broken.came == "500")
            or (_path(broken).startswith("/documents/") and broken.promised != "a whole address")
        ),
    ),
    "links in mails": Known(
        "a link to a page or a document in a mail to signers leads nowhere: its HTML part leaves out the host",
        lambda broken: bool(
            re.match("mail (update|trial), HTML", broken.where)
            and broken.promised == "a whole address"
            and re.match(r"/(nb|nn|en|documents)/", broken.address)
        ),
    ),
    "ending contact": Known(
        "the address in List-Unsubscribe answers 405 to everybody who opens it",
        lambda broken: _path(broken).endswith("/stop/") and (broken.method, broken.came) == ("GET", "405"),
    ),
    "one click": Known(
        "the one click of RFC 8058 is answered with a redirect, which mail programs take for a failure",
        lambda broken: _path(broken).endswith("/stop/") and (broken.method, broken.came) == ("POST", "303"),
    ),
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
NO_FILM = "a page with a film of one's own answers 500: the public surface has no address for documents"
NOT_SHOWN = {
    "video of our own": NO_FILM,
    "video of our own, with a still": f"the still of a film of one's own is left out; besides, {NO_FILM}",
    "document": "a page with a link to a document answers 500: the public surface has no address for documents",
}
