"""Normalisers compared with CCNet's results and with a slow, literal implementation."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from udfs.ccnet import normalizer as n
from udfs.ccnet.spacing import normalize_spacing_for_tok

Conformance = Callable[..., list[dict[str, Any]]]

# characters that the rules treat differently: accents, cases, digits of many scripts and planes, both
# punctuation tables, controls, blanks that strip() removes and U+200B, which it keeps
TRICKY = (
    "aZ0 9\n\t\r\x00\x07\x1c\x1f\x7f\x80\x85\x9f\xa0\u200b\u2028\u3000ÉéİıßẞΣσς\u0301\u0308ǅﬁ한"
    "½²三٣５１，。—…“”’．►\U0001d7d8\U0001d7ff\U0001e8d0\U0001f600\U00011c3f\U000e0100'.,!\u1abf"
)
# a list instead of st.text, which would merge both alphabets and rarely draw from TRICKY
texts = st.lists(st.one_of(st.sampled_from(TRICKY), st.characters(codec="utf-8")), max_size=40).map(
    "".join
)


def reference(text: str, accent: bool, case: bool, numbers: bool, punct: int) -> str:
    """Return the normalised text, one character at a time."""
    text = text.strip()
    if case:
        text = text.lower()
    if accent:
        nfd = unicodedata.normalize("NFD", text)
        text = "".join(c for c in nfd if unicodedata.category(c) != "Mn")
    result = ""
    for c in text:
        if numbers and unicodedata.category(c) == "Nd":
            c = "0"
        if c in n.UNICODE_PUNCT and punct:
            c = n.UNICODE_PUNCT[c] if punct == 1 else ""
        if not (len(c) == 1 and unicodedata.category(c) == "Cc"):
            result += c
    return result


@given(texts, st.booleans(), st.booleans(), st.booleans(), st.sampled_from([0, 1, 2]))
@example("１ １", True, True, False, 1)
@example("  \x07 a", True, True, True, 2)
def test_normalize_equals_the_literal_rule(
    text: str, accent: bool, case: bool, numbers: bool, punct: int
) -> None:
    expected = reference(text, accent, case, numbers, punct)
    assert n.normalize(text, accent, case, numbers, punct) == expected


@given(texts)
@example("ΑΣ\nΣ Σ\n ΑΣ\x1f\x07")
@example(" \x00 a\n\n\x85b \x1c\n")
@example("")
def test_dedup_lines_equals_normalizing_line_by_line(text: str) -> None:
    one_by_one = [
        reference(line, accent=False, case=True, numbers=True, punct=2) for line in text.split("\n")
    ]
    assert [line.decode() for line in n.dedup_lines(text)] == one_by_one
    assert [n.normalize_for_dedup(line) for line in text.split("\n")] == one_by_one


@given(texts)
def test_unicode_punctuation_is_replaced_or_removed(text: str) -> None:
    table = n.UNICODE_PUNCT
    assert n.replace_unicode_punct(text) == "".join(table.get(c, c) for c in text)
    assert n.remove_unicode_punct(text) == "".join(c for c in text if c not in table)


def test_a_lone_surrogate_is_kept() -> None:
    assert n.normalize("É\ud800 1") == "e\ud800 0"
    assert len(n.dedup_lines("\ud800\nx")) == 2


def test_every_assigned_character_equals_the_literal_rule() -> None:
    assigned = (chr(c) for c in range(0xE01F0) if unicodedata.category(chr(c))[0] not in "C")
    text = "\n".join(f"x{c}x" for c in assigned)
    assert n.normalize(text) == reference(text, True, True, True, 1)


@pytest.mark.parametrize(
    ("function", "call"),
    [
        ("ccnet.normalize", n.normalize),
        ("ccnet.normalize_for_dedup", n.normalize_for_dedup),
        ("ccnet.slow_normalize_for_dedup", n.normalize_for_dedup),
        ("ccnet.replace_unicode_punct", n.replace_unicode_punct),
        ("ccnet.remove_unicode_punct", n.remove_unicode_punct),
        ("ccnet.normalize_spacing_for_tok", normalize_spacing_for_tok),
    ],
)
def test_equals_ccnet(function: str, call: Callable[..., str], conformance: Conformance) -> None:
    for case in conformance(function, exact=True):
        assert call(case["input"], **case["params"]) == case["expected"]


def test_equals_ccnet_on_whole_documents(conformance: Conformance) -> None:
    for case in conformance("ccnet.normalize(whole doc"):
        assert n.normalize(case["input"], **case["params"]) == case["expected"]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("cs", 'A "b", 1 000', 'A "b", 1,000'),  # Czech keeps its quotation marks
        ("de", 'sagte "ja," 1 000', 'sagte "ja", 1,000'),
        ("fr", 'fin." suite', 'fin\\". suite'),
        ("en", "``a'' +b (c) !", ' " a "  b  (c) !'),
    ],
)
def test_spacing_depends_on_the_language(language: str, text: str, expected: str) -> None:
    assert normalize_spacing_for_tok(text, language) == expected
