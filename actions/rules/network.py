"""The network an address belongs to, and which address a request came from. Nothing here is ever stored."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple

Address = IPv4Address | IPv6Address
SEVERAL = 200  # signatures of an hour, before the share of new networks says anything


def client_address(*, forwarded: str, peer: str, depth: int) -> Address | None:
    """The client's address, seen through `depth` trusted proxies; None where it cannot be read.

    Each proxy appends the address it was asked from, so the entries that can be believed stand at the right. What a
    client writes into the header itself stands further left and is never looked at.
    """
    chain = [*(part for part in forwarded.split(",") if part.strip()), peer] if depth else [peer]
    try:
        address = ip_address(chain[-min(depth + 1, len(chain))].strip().strip("[]"))
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


# By version: lengths of the networks an address belongs to, and how many times the limit of the first each may have.
# A household, a school or a street shares the first; a customer of a host has a /56 or /48 of IPv6 for himself, and a
# town shares a /16 of IPv4. The last is the one in which a network is new or not: a provider's.
NETWORKS = {4: ((24, 1), (16, 20)), 6: ((64, 1), (56, 3), (48, 8), (32, 100))}


class Network(NamedTuple):
    """A network of somebody, and how many times the usual limit it may have."""

    name: str
    times: int


def networks_of(address: Address | None) -> list[Network]:
    """The networks an address belongs to, the narrowest first."""
    if address is None:
        return [Network("unknown", 1)]
    return [
        Network(str(ip_network((address, length), strict=False)), times) for length, times in NETWORKS[address.version]
    ]


def too_many_new(*, new: int, of: int, percent: int) -> bool:
    """Whether so many of an hour's signatures of one action come from networks seen for the first time in it that
    somebody may be going from one to the next. People come from the same few providers; a limit of 0 is none."""
    return bool(percent) and of >= SEVERAL and new * 100 > of * percent


def normal_network(text: str) -> str:
    """A network as staff type it, in its normal form. Raises ValueError for what is none, or half the internet."""
    network = ip_network(text.strip(), strict=False)
    if network.prefixlen < (32 if isinstance(network, IPv6Network) else 8):
        raise ValueError
    return str(network)


def exceeded(counts: Sequence[int], limits: Sequence[int]) -> bool:
    """Whether any window's count is above its limit; a limit of 0 is none."""
    return any(limit and count > limit for count, limit in zip(counts, limits, strict=True))
