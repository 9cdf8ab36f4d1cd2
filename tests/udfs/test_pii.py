"""E-mail and public IP addresses are replaced and counted; other text is unchanged."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from udfs.pii import EMAILS, IP_ADDRESSES, replace

NO_EMAILS = """
    @ a@ @b.example a@b name.@b.example a@-b.example a@.example @@@@ user@@host.example a@b.
    react@18.2.0 1@2.3 std::a@::b.c
"""
NO_PUBLIC_ADDRESSES = """
    192.168.0.1 10.1.2.3 127.0.0.1 169.254.1.1 0.0.0.0 203.0.113.7
    1.2.3 1.2.3.4.5 256.1.1.1 8.8.8.800 08.8.8.8 1.3.6.1.4.1.343
"""


@pytest.mark.parametrize(
    "address",
    [
        "jane@uni.example",
        "Jane.Roe@Uni.Example",
        "j+list@a.b-c.example",
        "x_1@1.example",
        "o'brien@mail.example",
        "root@[8.8.4.4]",
        "1@2.c3",
    ],
)
@pytest.mark.parametrize("around", ["{}", "to {}.", "<mailto:{}>", "('{}'), or", "é{}é"])
def test_an_email_address_is_replaced_and_nothing_around_it(address: str, around: str) -> None:
    redacted, emails, ip_addresses = replace(around.format(address))
    assert redacted in {around.format(email) for email in EMAILS}
    assert (emails, ip_addresses) == (1, 0)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.2.3.4", "93.184.216.34"])
@pytest.mark.parametrize("around", ["{}", "at {}.", "http://{}:80/", "v{}-beta"])
def test_a_public_ip_address_is_replaced(address: str, around: str) -> None:
    redacted, emails, ip_addresses = replace(around.format(address))
    assert redacted in {around.format(ip_address) for ip_address in IP_ADDRESSES}
    assert (emails, ip_addresses) == (0, 1)


@pytest.mark.parametrize(
    "text",
    [
        *NO_EMAILS.split(),
        "a @ b.example",
        f"{'a' * 65}@b.example",
        f"a@{'b.' * 130}example",
        *NO_PUBLIC_ADDRESSES.split(),
        *EMAILS,
        *IP_ADDRESSES,
    ],
)
def test_other_text_is_unchanged(text: str) -> None:
    assert replace(text) == (text, 0, 0)


def test_an_address_always_has_the_same_replacement() -> None:
    redacted, emails, ip_addresses = replace("a@b.example 8.8.8.8 A@B.example 8.8.8.8")
    assert len(set(redacted.split())) == 2
    assert (emails, ip_addresses) == (2, 2)


PARTS = ["@", ".", "-", "_", "a", "b1", "'", " ", "é", "8.8.8.8", "[1.2.3.4]", "x" * 70, "a." * 130]


@given(
    st.text("a1.@-+_'é [8:\n", max_size=60)
    | st.lists(st.sampled_from([*PARTS, *EMAILS, *IP_ADDRESSES]), max_size=12).map("".join)
)
@example("x@a.de_b@c.de")
@example("x@[1.2.3.4].de")
@example("x@b_c@d.fr")
@example("a@b.example.5@c.example")
def test_a_redacted_text_is_not_changed_again(text: str) -> None:
    redacted, emails, ip_addresses = replace(text)
    assert replace(redacted) == (redacted, 0, 0)
    assert (redacted == text) == (emails + ip_addresses == 0)


@pytest.mark.parametrize("part", ["a@", "a", "@a.b", "1.2.3.4.", "8.8.8.8 ", "a.", "[8.", "a@b.c_"])
def test_time_is_linear(part: str) -> None:
    def seconds(n: int) -> float:
        text = f"{part * n}@{part * n}"
        begin = time.process_time()
        replace(text)
        return time.process_time() - begin

    # the minimum of three, because other processes slow a run down
    assert min(seconds(40_000) for _ in range(3)) < 16 * seconds(5_000) + 0.1
