"""Ranges of IP addresses that stand for no public host.

The ranges are IANA's special-purpose registries (RFC 6890 and its updates) and multicast. They are listed
here because `ipaddress` changes from one version of Python to the next.
"""

from __future__ import annotations

import bisect
import ipaddress

_SPECIAL_V4 = """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
    192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
"""
# public hosts have addresses in 2000::/3 alone; these of it are for protocols and documentation
_SPECIAL_V6 = "2001::/23 2001:db8::/32 3fff::/20"


def _bounds(ranges: str) -> list[int]:
    """Return first addresses and those after the last, in order."""
    networks = map(ipaddress.ip_network, ranges.split())
    bounds = [(int(network[0]), int(network[-1]) + 1) for network in networks]
    return [bound for pair in sorted(bounds) for bound in pair]


_BOUNDS_V4 = _bounds(_SPECIAL_V4)
_BOUNDS_V6 = _bounds(_SPECIAL_V6)
_GLOBAL_V6 = range(0x2 << 124, 0x4 << 124)


def is_public_v4(numbers: tuple[int, int, int, int]) -> bool:
    """Return whether an IPv4 address, given as its four numbers, may be a host on the Internet."""
    value = int.from_bytes(bytes(numbers), "big")
    return bisect.bisect(_BOUNDS_V4, value) % 2 == 0


def is_public_v6(address: str) -> bool:
    """Return whether a text is an IPv6 address that may be a host on the Internet."""
    try:
        value = int(ipaddress.IPv6Address(address))
    except ValueError:
        return False
    return value in _GLOBAL_V6 and bisect.bisect(_BOUNDS_V6, value) % 2 == 0
