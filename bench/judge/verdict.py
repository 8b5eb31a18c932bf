"""What a tool has found, and what of it is known to be a false alarm."""

import re
from typing import NamedTuple

from .tools import version

# What the tools say of us and is not so, or is so by choice: a pattern of the finding, and why it stands. Each is told
# in docs/operations.md; a test holds both together.
KNOWN: dict[str, dict[str, str]] = {
    "nu": {
        r"(Section|Article) lacks heading": "what was handed over and what came of it are sections without a heading",
        r"Trailing slash on void elements": "an information, not an error",
    },
    "html-validate": {r"long-title": "a title names the action, the part of it and who we are"},
    "stylelint": {r"no-descending-specificity": "the style sheet is read by parts of a page, not by weight"},
    "axe": {r"^p-as-heading": "the name in the footer is large, and heads nothing"},
    "spectral": {r"oas3-unused-component": "what may be asked is a schema, and stands beside its parameters once more"},
    "gixy": {
        r"host_spoofing": "an unknown host name is answered 400 before it is used (ALLOWED_HOSTS)",
        r"default_server_flag": "the first server of a socket answers unknown names, and it is written first",
        r"missing_resolver": "what is proxied to is an upstream of the same file, by a variable, and no host name",
        r"weak_ssl_tls": "the copy that is judged speaks no TLS; where it does, nginx-tls.conf is included",
        r"hsts_header": "the application sends it with every answer",
        r"worker_rlimit_nofile": "of the nginx that is judged, which takes as many files as this machine gives it",
    },
    "hadolint": {
        r"DL3003": "one step changes its folder, for itself alone",
        r"DL3008": "Debian's security updates are wanted, so no version is pinned",
    },
}


class Verdict(NamedTuple):
    """Of one tool: what it looked at, its marks in words, what is wrong, and how many false alarms were left out."""

    tool: str
    version: str
    looked_at: str
    marks: str
    wrong: list[str]
    known: int = 0

    @property
    def good(self) -> bool:
        return not self.wrong


def judged(tool: str, package: str, looked_at: str, found: list[str], marks: str = "") -> Verdict:
    """Sort what a tool has found into what is wrong and what is known."""
    known = [one for one in found if any(re.search(pattern, one) for pattern in KNOWN.get(tool, {}))]
    wrong = [one for one in found if one not in known]
    return Verdict(tool, version(package), looked_at, marks or f"{len(wrong)} found", wrong, len(known))
