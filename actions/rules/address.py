"""The canonical form of an e-mail address: what makes two spellings the same person.

Versioned, because digests made under one version stay in the database: a change is a new function and a new number.
The canonical form is only ever digested; mail goes to the address as it was typed.
"""

import unicodedata
from difflib import get_close_matches
from functools import lru_cache

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from .errors import BadAddress

VERSION = 1

# Hosts that document that they ignore dots before the @, and the other names of the same mailbox.
DOTS_IGNORED = {"gmail.com"}
SAME_HOST = {"googlemail.com": "gmail.com"}
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
    """The address as mail is sent to it: trimmed, the domain in its normal form. Raises BadAddress."""
    address = address.strip()
    if len(address) > LONGEST:
        raise BadAddress
    return _parsed(address).normalized


def canonical(address: str) -> str:
    """The form under which one mailbox has one spelling (version 1). Raises BadAddress.

    Lower case; compatibility forms folded (NFKC); the domain in ASCII (IDNA 2008); what follows a plus is dropped;
    dots are dropped where the host is known to ignore them.
    """
    parsed = _parsed(address.strip())
    host = (parsed.ascii_domain or parsed.domain).lower()
    host = SAME_HOST.get(host, host)
    local = unicodedata.normalize("NFKC", parsed.local_part).casefold().partition("+")[0]
    if host in DOTS_IGNORED:
        local = local.replace(".", "")
    if not local:  # "+tag@host" has nothing before the plus
        local = parsed.local_part.casefold()
    return f"{local}@{host}"


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
