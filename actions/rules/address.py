"""The canonical form of an e-mail address: what makes two spellings the same person.

Versioned, because digests made under one version stay in the database: a change is a new function and a new number.
The canonical form is only ever digested; mail goes to the address as it was typed.
"""

import unicodedata

from email_validator import EmailNotValidError, validate_email

from .errors import BadAddress

VERSION = 1

# Hosts that document that they ignore dots before the @, and the other names of the same mailbox.
DOTS_IGNORED = {"gmail.com"}
SAME_HOST = {"googlemail.com": "gmail.com"}
LONGEST = 254  # RFC 5321, 4.5.3.1.3


def deliverable(address: str) -> str:
    """The address as mail is sent to it: trimmed, the domain in its normal form. Raises BadAddress."""
    address = address.strip()
    if len(address) > LONGEST:
        raise BadAddress
    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        raise BadAddress from None  # the library's message quotes the address


def canonical(address: str) -> str:
    """The form under which one mailbox has one spelling (version 1). Raises BadAddress.

    Lower case; compatibility forms folded (NFKC); the domain in ASCII (IDNA 2008); what follows a plus is dropped;
    dots are dropped where the host is known to ignore them.
    """
    try:
        parsed = validate_email(address.strip(), check_deliverability=False)
    except EmailNotValidError:
        raise BadAddress from None
    host = (parsed.ascii_domain or parsed.domain).lower()
    host = SAME_HOST.get(host, host)
    local = unicodedata.normalize("NFKC", parsed.local_part).casefold().partition("+")[0]
    if host in DOTS_IGNORED:
        local = local.replace(".", "")
    if not local:  # "+tag@host" has nothing before the plus
        local = parsed.local_part.casefold()
    return f"{local}@{host}"
