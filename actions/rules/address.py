"""The canonical form of an e-mail address: what makes two spellings the same mailbox, and the spelling mail is sent to.

Versioned, because digests made under one version stay in the database: a change is a new number. The canonical form is
only ever digested. Mail goes to a spelling that reaches the canonical mailbox and no other: whoever signed with a
spelling of somebody's address must not stand between that person and his mails.
"""

import unicodedata
from difflib import get_close_matches
from functools import lru_cache

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from .errors import BadAddress

VERSION = 2

# The other names under which hosts keep the same mailbox, by their own documentation.
SAME_HOST = {
    "googlemail.com": "gmail.com",
    "protonmail.com": "proton.me", "pm.me": "proton.me",
    "me.com": "icloud.com", "mac.com": "icloud.com",
    "yandex.ru": "yandex.com", "ya.ru": "yandex.com", "yandex.by": "yandex.com", "yandex.kz": "yandex.com",
}  # fmt: skip
# Hosts that document that they ignore dots before the @.
DOTS_IGNORED = {"gmail.com"}
# Hosts that document that what follows a plus reaches the same mailbox. Elsewhere it may be nobody's, or another's.
PLUS_IGNORED = frozenset({
    "gmail.com", "proton.me", "icloud.com", "yandex.com", "outlook.com", "hotmail.com", "live.com", "msn.com",
    "live.no", "hotmail.no", "fastmail.com", "fastmail.fm",
})  # fmt: skip
LONGEST = 254  # RFC 5321, 4.5.3.1.3

# Hosts so many people use that a share of theirs says nothing.
COMMON_HOSTS = frozenset({
    "gmail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "live.no", "hotmail.no", "yahoo.com",
    "yahoo.no", "icloud.com", "me.com", "mac.com", "gmx.com", "mail.com", "aol.com", "online.no", "getmail.no",
    "broadpark.no", "lyse.net", "altibox.no", "proton.me", "protonmail.com", "tutanota.com", "gmx.net", "gmx.de",
    "web.de", "qq.com", "163.com", "126.com", "mail.ru", "yandex.ru",
})  # fmt: skip

# Hosts whose names are often mistyped; a near miss is asked about, never changed.
OFTEN_MISTYPED = (
    "gmail.com", "hotmail.com", "outlook.com", "yahoo.com", "yahoo.no", "icloud.com", "online.no", "live.no",
    "hotmail.no", "protonmail.com", "proton.me", "me.com", "live.com",
)  # fmt: skip


def deliverable(address: str) -> str:
    """The address as mail is sent to it, as it was typed where that reaches the canonical mailbox. Raises BadAddress.

    Compatibility forms (full-width letters) are written as the letters they stand for, and what follows a plus is left
    out where the host is not known to ignore it.
    """
    parsed = _parsed(_folded(address))
    local = parsed.local_part
    if _host(parsed) not in PLUS_IGNORED:
        local = _without_tag(local)
    return f"{local}@{parsed.domain}"


def canonical(address: str) -> str:
    """The form under which one mailbox has one spelling (version 2). Raises BadAddress.

    Lower case; compatibility forms folded (NFKC); the domain in ASCII (IDNA 2008), under one of its names; what follows
    a plus is dropped; dots are dropped where the host is known to ignore them.
    """
    parsed = _parsed(_folded(address))
    host = _host(parsed)
    local = unicodedata.normalize("NFKC", _without_tag(parsed.local_part).lower())
    if host in DOTS_IGNORED:
        local = local.replace(".", "")
    return f"{local}@{host}"


def _folded(address: str) -> str:
    address = unicodedata.normalize("NFKC", address.strip())
    if len(address) > LONGEST:
        raise BadAddress
    return address


def _without_tag(local: str) -> str:
    return local.partition("+")[0] or local  # "+tag@host" has nothing before the plus


def _host(parsed: ValidatedEmail) -> str:
    host = (parsed.ascii_domain or parsed.domain).lower()
    return SAME_HOST.get(host, host)


@lru_cache(maxsize=1)  # each signature asks twice: where mail goes to, and who it is
def _parsed(address: str) -> ValidatedEmail:
    try:
        return validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        raise BadAddress from None  # the library's message quotes the address


def suggestion(address: str) -> str:
    """The address with the mail host the writer probably meant, or nothing where it looks right."""
    local, _, host = address.strip().rpartition("@")
    host = host.lower()
    if not local or not host or host in COMMON_HOSTS or host in SAME_HOST:
        return ""
    near = get_close_matches(host, OFTEN_MISTYPED, n=1, cutoff=0.82)
    return f"{local}@{near[0]}" if near else ""


def domain_of(address: str) -> str:
    """The mail host of an address, in lower case."""
    return address.rpartition("@")[2].lower()
