"""Public IP addresses are found; versions, sections and addresses of no public host are left alone."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.pii import IP_ADDRESSES, replace
from udfs.pii.ip_addresses import IPV6_ADDRESSES
from udfs.pii.ip_ranges import is_public_v4, is_public_v6

AROUND = [
    *(
        "{}",
        "at {}.",
        "http://{}:80/",
        "IP {}",
        "the server of version 2.0 is {}",
        "({})",
        "é{}é",
        "{}/32",
    ),
    *(
        "{} - - [10/Oct/2000:13:55:36]",
        "root@{}:",
        "地址{}。",
        "IP地址：{}",
        "IP{}",
        "ip-{}",
        "src={} dst={}",
    ),
]
SPECIAL = """
    192.168.0.1 10.1.2.3 172.16.0.1 127.0.0.1 169.254.1.1 0.0.0.0 100.64.0.1 255.255.255.0
    224.0.0.251 239.255.255.250 192.0.2.1 198.51.100.7 203.0.113.7 198.18.0.1
    fe80::1 fc00::1 ff02::1 2001:db8::1 3fff::1 ::1 2001:0:1::2
"""
OTHER_NUMBERS = """
    1.2.3 1.2.3.4.5 256.1.1.1 8.8.8.800 08.8.8.8 1.3.6.1.4.1.343 1.3.6.1 2.5.29.17 2.5.4.3 8.8.8.0/24
    2001:4860::/32 12:30:45 a::b std::vector 2019:05:06
    v8.8.8.8 v8.8.8.8-beta 8.8.8.8-rc1 foo-1.2.3.4.tar.gz foo_1.2.3.4 lib1.2.3.4.so requests==2.3.4.5
    Chrome/90.0.44.93 >=1.2.3.4 ^1.2.3.4 8.8.8.8+build 1.2.3.4.x 1.2.3.4.jar pkg@1.2.3.4
"""
SENTENCES = """
    version 1.2.3.4
    Version: 120.4.3.2, versions 3.2.1.0, 3.2.1.1 and 4.0.0.1
    v. 3.4.5.6 and V 3.4.5.6
    "version": "1.2.3.4", AssemblyVersion("1.0.3.4") <version>1.2.3.4</version>
    Release 5.6.7.8 of the server
    Section 4.3.2.1 and 4.3.2.2 apply
    § 4.3.2.1, see 4.3.2.2
    1.2.3.4 Scope of application
    * 1.2.3.4. “scope”
    Adobe Flash Player 9.0.124.0 or iTunes 9.0.2.25
    OID 2.16.40.1
    Die Fassung 3.1.0.2; gemäß Abschnitt 4.2.1.3 und Ziffer 4.2.1.4
    La versión 5.1.0.3 y el apartado 2.4.1.1
    La version 2.0.1.4 et le chapitre 3.1.2.4
    Версия 3.2.0.1, раздел 4.1.2.3
    升级到版本1.2.3.4后，见第3.2.1.1节
    バージョン2.1.0.3、第4.1.2.1節
    버전 4.0.1.2, 제3.1.2.1절
    الإصدار 2.3.0.1 والمادة 3.1.1.2
    संस्करण 3.4.0.2, धारा 2.1.3.4
    Tel. 33.12.45.67
    Rp 1.200.150.100 or 1.234.123.200 €
    Package 1.2.6.2-1
"""


@pytest.mark.parametrize("address", ["8.8.8.8", "1.2.3.4", "93.184.216.34", "185.199.108.153"])
def test_a_public_address_is_replaced(address: str) -> None:
    for around in AROUND:
        text = around.format(address, address)
        redacted, emails, ip_addresses = replace(text)
        assert redacted in {around.format(new, new) for new in IP_ADDRESSES}
        assert (emails, ip_addresses) == (0, text.count(address))


@pytest.mark.parametrize(
    "address",
    ["2001:4860:4860::8888", "2a00:1450:4001:81b::200e", "2601:189:4200:B7F0:98E4:7D4B:2B0D:9C3E"],
)
@pytest.mark.parametrize("around", ["{}", "[{}]:443", "User {}.", "用户{}编辑", "{}, 10:30:15"])
def test_a_public_ipv6_address_is_replaced(address: str, around: str) -> None:
    redacted, _, ip_addresses = replace(around.format(address))
    assert redacted in {around.format(new) for new in IPV6_ADDRESSES}
    assert ip_addresses == 1


@pytest.mark.parametrize(
    "text",
    [
        *SPECIAL.split(),
        *OTHER_NUMBERS.split(),
        *map(str.strip, SENTENCES.strip().splitlines()),
        *IP_ADDRESSES,
        *IPV6_ADDRESSES,
    ],
)
def test_other_text_is_unchanged(text: str) -> None:
    assert replace(text) == (text, 0, 0)


def test_a_word_about_other_numbers_does_not_hide_an_address() -> None:
    text = "Version 2.0 is out.\nThe server 93.184.216.34 failed; update 3 came from 8.8.4.4."
    assert replace(text)[2] == 2


@given(st.tuples(*[st.integers(0, 255)] * 4))
def test_public_ranges_are_those_that_python_calls_global(
    numbers: tuple[int, int, int, int],
) -> None:
    address = ipaddress.IPv4Address(bytes(numbers))
    in_protocols = address in ipaddress.IPv4Network("192.0.0.0/24")  # Python's rule has changed
    expected = address.is_global and not address.is_multicast and not in_protocols
    assert is_public_v4(numbers) == expected


def test_a_public_ipv6_address_is_in_the_range_of_hosts() -> None:
    assert is_public_v6("2a00::1")
    assert not any(map(is_public_v6, ["2001:db8::1", "4000::1", "fe80::1", "2a00:::1", "2a00"]))
