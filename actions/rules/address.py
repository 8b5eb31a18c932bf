"""The canonical form of an e-mail address: what makes two spellings the same mailbox, and the spelling mail is sent to.

Versioned, because digests made under one version stay in the database: a change is a new number, and whoever looks for
an address looks for it under each (`every_canonical`). The canonical form is only ever digested. Mail goes to a
spelling that reaches the canonical mailbox and no other: whoever signed with a spelling of somebody's address must not
stand between that person and his mails.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from .errors import BadAddress
from .text import TURNS, without_marks


class Provider(NamedTuple):
    """What a provider publishes of its addresses: the names of its one host, the canonical one first; signs before the
    @ that it ignores; signs that it takes for others; whether what follows a plus reaches the same mailbox."""

    hosts: tuple[str, ...]
    ignored: str = ""
    same: dict[str, str] = {}
    plus: bool = True


# Of hosts that are not here nothing is known: dots count, and what follows a plus may be nobody's, or another's.
PLUS_ALONE = tuple(
    Provider((host,))
    for host in (
        "outlook.com", "hotmail.com", "live.com", "msn.com", "live.no", "hotmail.no", "fastmail.com", "fastmail.fm",
    )
)  # fmt: skip
GMAIL = Provider(("gmail.com", "googlemail.com"), ignored=".")  # support.google.com/mail/answer/7436150
APPLE = Provider(("icloud.com", "me.com", "mac.com"))  # support.apple.com/102309
PROVIDERS: dict[int, tuple[Provider, ...]] = {
    2: (
        GMAIL,
        APPLE,
        Provider(("proton.me", "protonmail.com", "pm.me")),
        Provider(("yandex.com", "yandex.ru", "ya.ru", "yandex.by", "yandex.kz")),
        *PLUS_ALONE,
    ),
    3: (
        GMAIL,
        APPLE,
        # proton.me/support/addresses-and-aliases
        Provider(("proton.me", "protonmail.com", "pm.me", "protonmail.ch"), ignored=".-_"),
        # yandex.com/support/mail: one mailbox at all hosts, and a dot is a hyphen
        Provider(("yandex.com", "yandex.ru", "ya.ru", "yandex.by", "yandex.kz", "yandex.ua"), same={"-": "."}),
        *PLUS_ALONE,
    ),
}
VERSION = max(PROVIDERS)
VERSIONS = sorted(PROVIDERS, reverse=True)
LONGEST = 254  # RFC 5321, 4.5.3.1.3

# Hosts so many people use that a share of theirs says nothing. None of them is mistyped.
COMMON_HOSTS = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "live.no", "hotmail.no",
    "yahoo.com", "yahoo.no", "icloud.com", "me.com", "mac.com", "gmx.com", "mail.com", "email.com", "ymail.com",
    "aol.com", "love.com", "online.no", "getmail.no", "broadpark.no", "lyse.net", "altibox.no", "proton.me",
    "protonmail.com", "pm.me", "tutanota.com", "gmx.net", "gmx.de", "web.de", "qq.com", "163.com", "126.com",
    "mail.ru", "yandex.ru", "yandex.com", "ya.ru", "rocketmail.com", "fastmail.com", "hey.com",
})  # fmt: skip

# Hosts whose names are often mistyped; a near miss is asked about, never changed. The page's script has the same lists,
# and the same rule.
OFTEN_MISTYPED = (
    "gmail.com", "hotmail.com", "outlook.com", "yahoo.com", "yahoo.no", "icloud.com", "online.no", "live.no",
    "hotmail.no", "protonmail.com", "proton.me", "live.com",
)  # fmt: skip
LONG = 9  # signs of a host from which on two of them may be wrong, and not just one
NAMED = re.compile(r"<([^<>]*)>[\s.,;:]*$")  # "Kari Nordmann <kari@example.org>", as mail programs copy it


def deliverable(address: str) -> str:
    """The address as mail is sent to it, as it was typed where that reaches the canonical mailbox. Raises BadAddress.

    Compatibility forms (full-width letters) are written as the letters they stand for, marks that nobody sees are left
    out, and so is what follows a plus where the host is not known to ignore it.
    """
    parsed = _parsed(_folded(address))
    local = parsed.local_part
    found = _providers(VERSION).get(_host(parsed))
    if found is None or not found.plus:
        local = _without_tag(local)
    return f"{local}@{parsed.domain}"


def canonical(address: str, version: int = VERSION) -> str:
    """The form under which one mailbox has one spelling. Raises BadAddress.

    Lower case; compatibility forms folded (NFKC); the domain in ASCII (IDNA 2008), under one of its names; what follows
    a plus is dropped; signs are dropped, or written as others, where the provider is known to do so (`PROVIDERS`).
    """
    parsed = _parsed(_folded(address))
    host = _host(parsed)
    local = unicodedata.normalize("NFKC", _without_tag(parsed.local_part).lower())
    provider = _providers(version).get(host)
    if provider is None:
        return f"{local}@{host}"
    written = local.translate(_signs(provider))
    return f"{written or local}@{provider.hosts[0]}"


def every_canonical(address: str) -> list[str]:
    """The canonical forms of an address, that of today first, then those of versions before where they differ.

    Raises BadAddress.
    """
    return list(dict.fromkeys(canonical(address, version) for version in VERSIONS))


@lru_cache
def _providers(version: int) -> dict[str, Provider]:
    return {host: provider for provider in PROVIDERS[version] for host in provider.hosts}


def _signs(provider: Provider) -> dict[int, str]:
    return str.maketrans(dict.fromkeys(provider.ignored, "") | provider.same)


def _folded(address: str) -> str:
    address = unicodedata.normalize("NFKC", without_marks(address)).strip(f" \t\r\n{TURNS}\u200c\u200d")
    if len(address) > LONGEST:
        raise BadAddress
    return address


def _without_tag(local: str) -> str:
    return local.partition("+")[0] or local  # "+tag@host" has nothing before the plus


def _host(parsed: ValidatedEmail) -> str:
    return (parsed.ascii_domain or parsed.domain).lower()


@lru_cache(maxsize=1)  # each signature asks twice: where mail goes to, and who it is
def _parsed(address: str) -> ValidatedEmail:
    try:
        return validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        raise BadAddress from None  # the library's message quotes the address


def suggestion(address: str) -> str:
    """The address that the writer probably meant, or nothing where it looks right: without a full stop or another sign
    at its end, with full stops for commas, with the mail host that a near miss is probably of, and without a name
    before it. Never what is no address."""
    address = without_marks(address).strip(f" \t\r\n{TURNS}")
    named = NAMED.search(address)
    local, _, host = (named[1].strip() if named else address).rpartition("@")
    local, host = local.replace(",", "."), host.rstrip(".,;:").replace(",", ".").lower()
    near = next((known for known in OFTEN_MISTYPED if _is_near(host, known)), "")
    mended = f"{local}@{near or host}"
    return mended if mended.lower() != address.lower() and _is_address(mended) else ""


def _is_near(host: str, known: str) -> bool:
    """Whether a host is a near miss of a known one. One of another country never is: hotmail.se is not hotmail.no, nor
    gmail.co gmail.com. But .on is no country: it is .no, turned round."""
    if host in COMMON_HOSTS:
        return False
    ending, its = host.rpartition(".")[2], known.rpartition(".")[2]
    if len(ending) == 2 and its not in (ending, ending[::-1]):
        return False
    return distance(host, known) <= (1 if len(known) < LONG else 2)


def distance(one: str, other: str) -> int:
    """How many letters must be put in, left out, changed or swapped with their neighbour to make one word of another
    (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b)))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                row[j] = min(row[j], earlier[j - 2] + 1)
    return row[-1]


def _is_address(address: str) -> bool:
    try:
        deliverable(address)
    except BadAddress:
        return False
    return True


def hosts_of(address: str) -> list[str]:
    """The mail host of a canonical address and the hosts above it, without the last part: no host is a country's."""
    parts = domain_of(address).split(".")
    return [".".join(parts[n:]) for n in range(len(parts) - 1)][-10:] or parts


def canonical_host(host: str) -> str:
    """A mail host under its one name, as `canonical` has it. Raises BadAddress."""
    return domain_of(canonical(f"somebody@{host.strip().lstrip('@')}"))


def domain_of(address: str) -> str:
    """The mail host of an address, in lower case."""
    return address.rpartition("@")[2].lower()
