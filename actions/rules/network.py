"""The network an address belongs to, and which address a request came from. Nothing here is ever stored."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address


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


def network_of(address: Address | None) -> str:
    """The /24 or /64 of an address: what one household, school or provider's street shares."""
    if address is None:
        return "unknown"
    length = 24 if address.version == 4 else 64
    return str(ip_network((address, length), strict=False))


def normal_network(text: str) -> str:
    """A network as staff type it, in its normal form. Raises ValueError for what is none, or half the internet."""
    network = ip_network(text.strip(), strict=False)
    if network.prefixlen < (32 if isinstance(network, IPv6Network) else 8):
        raise ValueError
    return str(network)


def exceeded(counts: Sequence[int], limits: Sequence[int]) -> bool:
    """Whether any window's count is above its limit; a limit of 0 is none."""
    return any(limit and count > limit for count, limit in zip(counts, limits, strict=True))
