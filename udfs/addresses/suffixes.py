"""Sites by the public suffix list: what is one owner's, and what stands for the sites of many."""

from __future__ import annotations

import functools
import ipaddress

from publicsuffixlist import PublicSuffixList


def check_site(domain: str) -> None:
    """Check that a canonical domain is that of a site, or an IP address.

    Raises
    ------
    ValueError
        It is a single label, as `example` or `com`, or a suffix of https://publicsuffix.org, as `co.uk` or
        `github.io`, below which others have their sites, or a part of an IP address. A top-level domain that
        the list does not know is a suffix.
    """
    if domain.startswith("["):
        return
    labels = domain.split(".")
    if not all(any(map(str.isalnum, label)) for label in labels):
        raise ValueError(f"{domain!r} is no domain")
    if labels[-1].isdecimal():
        if _is_ip_address(domain):
            return
        raise ValueError(f"{domain!r} is no whole IP address, and no domain")
    if len(labels) == 1:
        raise ValueError(
            f"{domain!r} is a single label, not a site: write the whole name, without blanks in it"
        )
    if _suffixes().is_public(domain):
        raise ValueError(
            f"{domain!r} is a public suffix, below which others have their sites: name the sites"
        )


def _is_ip_address(text: str) -> bool:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True


def site_of(host: str) -> str:
    """Return the part of a host that has one owner: a label more than its public suffix; else the host.

    >>> [site_of(host) for host in ("www.news.co.uk", "me.github.io", "192.0.2.1")]
    ['news.co.uk', 'me.github.io', '192.0.2.1']
    """
    if _is_ip_address(host):
        return host
    return _suffixes().privatesuffix(host) or host


@functools.cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
