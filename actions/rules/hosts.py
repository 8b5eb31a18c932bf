"""Sites that may show a form in a frame of theirs, written one on each line."""

import re
from functools import cache

from publicsuffixlist import PublicSuffixList

# A name of letters, digits and hyphens with at least one dot, a wildcard at its left, a port at its right.
HOST = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9](:\d{1,5})?")


def hosts(text: str) -> tuple[list[str], list[str]]:
    """The hosts in `text` as sources of a Content-Security-Policy (`https://example.org`), and the lines that are none.

    Addresses are taken too: what matters of them is the host. Names with other letters are turned to their ASCII form.
    """
    found, wrong = [], []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name = _ascii(re.sub(r"^https://", "", line.lower()).split("/")[0])
        if HOST.fullmatch(name) and _is_somebodys(name):
            found.append(f"https://{name}")
        else:
            wrong.append(line)
    return list(dict.fromkeys(found)), wrong


def _is_somebodys(name: str) -> bool:
    """Whether a port is one, and a wildcard stands for sites of one owner: "*.github.io" would be everybody's."""
    host, _, port = name.partition(":")
    if port and not 0 < int(port) < 65_536:
        return False
    return not host.startswith("*.") or not _public_suffixes().is_public(host.removeprefix("*."))


@cache
def _public_suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _ascii(name: str) -> str:
    try:
        return name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        return ""
