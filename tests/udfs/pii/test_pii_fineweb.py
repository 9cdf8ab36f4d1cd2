"""The style `fineweb` gives what datatrove's PIIFormatter gives, byte for byte."""

from __future__ import annotations

import pytest

from schemas.pii import PII_KINDS
from udfs.pii import redact

# made by datatrove 0.10.1, a new formatter for each text
PAIRS = [
    (
        "a@b.com and 8.8.8.8 Jane@x.com 1.2.3.4.5",
        "email@example.com and 22.214.171.124 firstname.lastname@example.org 126.96.36.199.5",
    ),
    ("x@y.de x@y.de x@y.de", "email@example.com firstname.lastname@example.org email@example.com"),
    ("email@example.com 224.0.0.1 10.0.0.1", "email@example.com 22.214.171.124 10.0.0.1"),
    (
        "git@github.com:a/b.git node@18.x A@B.T",
        "email@example.com:a/b.git firstname.lastname@example.org email@example.com",
    ),
    ("andré.martin@example.fr josé@example.es", "andré.email@example.com josé@example.es"),
    ("info@müller.de ＠ 用户@例子.广告", "info@müller.de ＠ 用户@例子.广告"),
    (
        "root@[8.8.4.4] root@[8.8.4.a:] -x@y.z",
        "email@example.com firstname.lastname@example.org -email@example.com",
    ),
    ("a..b@c.de a.@c.de a@b a@@c.de", "a..email@example.com a.@c.de a@b a@@c.de"),
    (
        "300.1.2.3.44 1.2.3.300 08.8.8.8 v1.2.3.4-b",
        "300.1.2.3.44 22.214.171.1240 08.8.8.8 v126.96.36.199-b",
    ),
    (
        "see {a,b}@c.edu or x=@np.array; jane@example.com-john@example.com",
        "see {a,email@example.com or firstname.lastname@example.org; email@example.com@example.com",
    ),
]


@pytest.mark.parametrize(("text", "expected"), PAIRS)
def test_texts_are_replaced_as_by_datatrove(text: str, expected: str) -> None:
    assert redact(text, style="fineweb").text == expected


def test_replacements_are_counted_and_other_kinds_are_ours() -> None:
    text = "a@b.com email@example.com 8.8.8.8 4111111111111111"
    redacted = redact(text, PII_KINDS, style="fineweb")
    assert redacted.counts["emails"] == 2
    assert redacted.counts["ip_addresses"] == redacted.counts["card_numbers"] == 1
    assert redact(text, ["emails"], style="fineweb").text.endswith("8.8.8.8 4111111111111111")
