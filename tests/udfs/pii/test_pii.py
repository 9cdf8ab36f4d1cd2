"""Personal data is replaced and counted by kind; other text is unchanged, also by a second call."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.pii import DEFAULT_PII_KINDS, PII_KINDS
from udfs.pii import EMAILS, IP_ADDRESSES, redact, replace, spans

PARTS = [
    *("@", ".", "-", "_", "a", "b1", "'", " ", "é", "8.8.8.8", "[1.2.3.4]", "x" * 70, "a." * 130),
    *(
        "=",
        "+",
        "%",
        "$",
        "{",
        "}",
        '"',
        "\\",
        "n",
        "用户",
        "广告",
        "中国",
        "。",
        "＠",
        "は",
        "jp",
        "com",
        "email",
    ),
    *(
        "version ",
        "IP ",
        "\n",
        "git",
        ":",
        "/",
        "2001:4860::8888",
        "e\u0301",
        "\u200b",
        "한국",
        "рф",
        "Com",
    ),
    *(
        "+49 30 901820",
        "tel ",
        "DE89370400440532013000",
        "4111111111111111",
        "key=",
        "ghp_" + "a1" * 18,
    ),
]


def test_the_short_form_counts_emails_and_ip_addresses() -> None:
    text, emails, ip_addresses = replace("a@b.example 8.8.8.8 A@B.example 8.8.8.8 10.0.0.1")
    assert (emails, ip_addresses) == (2, 2)
    *replaced, private = text.split()
    # an address always has the same replacement
    assert len(set(replaced)) == 2
    assert set(replaced) <= {*EMAILS, *IP_ADDRESSES}
    assert private == "10.0.0.1"


def test_only_the_kinds_that_are_asked_for_are_replaced_and_counted() -> None:
    text = "jane@uni.example, 8.8.8.8, +49 30 901820, DE89370400440532013000, 4111111111111111"
    for kind in PII_KINDS[:-1]:
        redacted = redact(text, [kind])
        assert redacted.counts == {kind: 1}
        assert sum(a != b for a, b in zip(redacted.text.split(), text.split(), strict=False)) >= 1
    assert redact(text).counts == dict.fromkeys(DEFAULT_PII_KINDS, 1)
    assert redact(text, PII_KINDS).counts == {**dict.fromkeys(PII_KINDS, 1), "secrets": 0}
    assert redact(text, []).text == text


def test_of_two_kinds_that_overlap_one_is_replaced() -> None:
    redacted = redact("root@[8.8.4.4] and https://app:Xk2p9@db.example/", PII_KINDS)
    assert redacted.counts["emails"] == redacted.counts["secrets"] == 1
    assert redacted.counts["ip_addresses"] == 0


@given(
    st.text("a1.@-+_'é [8:\n＠。用", max_size=60)
    | st.lists(st.sampled_from([*PARTS, *EMAILS, *IP_ADDRESSES]), max_size=12).map("".join)
)
@example("x@a.de_b@c.de")
@example("x@[1.2.3.4].de")
@example("x@b_c@d.fr")
@example("a@b.example.5@c.example")
@example("a@b.de.c@d.fr")
@example("a@b.example-c@d.example-e@f.example")
@pytest.mark.parametrize("kinds", [DEFAULT_PII_KINDS, PII_KINDS])
def test_a_redacted_text_is_not_changed_again(kinds: tuple[str, ...], text: str) -> None:
    redacted = redact(text, kinds)
    again = redact(redacted.text, kinds)
    assert again.text == redacted.text
    assert not any(again.counts.values())
    assert (redacted.text == text) == (not any(redacted.counts.values()))


@given(st.lists(st.sampled_from(PARTS), max_size=20).map("".join))
def test_spans_are_in_order_and_do_not_overlap(text: str) -> None:
    found = spans(text, PII_KINDS, "en")
    assert found == sorted(found)
    ends = [0, *(span.end for span in found)]
    assert all(end <= span.start < span.end for end, span in zip(ends, found, strict=False))


@pytest.mark.parametrize("style", ["context", "fineweb"])
@pytest.mark.parametrize(
    "part",
    [
        *(
            "a@",
            "a",
            "@a.b",
            "1.2.3.4.",
            "8.8.8.8 ",
            "a.",
            "[8.",
            "a@b.c_",
            "é@",
            "用@",
            "{a,",
            '"@',
            "1:",
            "::",
        ),
        *("a@b.example ", "a-", "+1 ", "1 ", "A1", "key=", "=", "v1.2.3.4 "),
    ],
)
def test_time_is_linear(part: str, style: str) -> None:
    kinds = PII_KINDS if style == "context" else DEFAULT_PII_KINDS

    def seconds(n: int) -> float:
        text = f"{part * n}@{part * n}"
        begin = time.process_time()
        redact(text, kinds, style)  # type: ignore[arg-type]
        return time.process_time() - begin

    # the minimum of three, because other processes slow a run down
    assert min(seconds(4_000) for _ in range(3)) < 16 * seconds(500) + 0.05
