"""SimHash: the pairs of the reference, and the library `simhash` on texts of any kind."""

from __future__ import annotations

import re
import time
import tracemalloc
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from udfs.near_duplicates import simhash as module
from udfs.near_duplicates.simhash import (
    BITS,
    NEAR,
    WIDTH,
    base_letters,
    distance,
    features,
    simhash,
)

Conformance = Callable[..., list[dict[str, Any]]]

# few letters, so that features repeat and sums tie
TEXTS = st.one_of(st.text(), st.text("ab _", max_size=40), st.text("aÀß語𝒳\u0301", max_size=40))
NUMBERS = st.integers(0, 2**BITS - 1)


def by_library(text: str) -> int:
    """The library's number of V1's features, as V1 writes it."""
    library = pytest.importorskip("simhash")
    letters = re.sub(r"[^\w]+", "", text.lower())
    made = [letters[i : i + 6] for i in range(max(len(letters) - 6 + 1, 1))]
    value: int = library.Simhash(made).value
    return value


def test_reference_features(conformance: Conformance) -> None:
    for case in conformance("books.get_features"):
        assert case["params"] == {"width": WIDTH}
        assert features(case["input"]) == case["expected"]


def test_reference_hashes(conformance: Conformance) -> None:
    for case in conformance("books.simhash64"):
        assert simhash(case["input"]) == case["expected"]


@given(TEXTS)
@example("")
@example("ÀΣ abcdeΣ. İ")  # lower case of more than one character, and of a last letter
@example("abcdefg")  # two features: each bit that only one has is a tie
@example("abcdefgh")  # three: none is
@example("aaaaaaaaaaaa")
def test_equals_the_library(text: str) -> None:
    assert simhash(text) == by_library(text)


@given(TEXTS, st.integers(1, 9))
def test_blocks_do_not_matter(text: str, block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", block)
        patch.setattr(module, "_STEP", 2)
        assert simhash(text) == by_library(text)


def test_equals_the_library_where_the_alphabet_is_large() -> None:
    # 6 digits of base 3,000 pass 64 bits
    text = "".join(chr(0x4E00 + i * 7919 % 3001 + i // 3001) for i in range(20_000)) + "abc" * 9
    assert len(set(text)) ** WIDTH > 2**BITS
    assert simhash(text) == by_library(text)


@given(TEXTS)
def test_lone_surrogates_are_no_letters(text: str) -> None:
    broken = "\ud800" + "\udc80".join(text.lower())
    assert simhash(broken) == simhash(text.lower())
    assert features(broken) == features(text.lower())


@given(NUMBERS, NUMBERS, NUMBERS)
def test_distance_is_a_metric(a: int, b: int, c: int) -> None:
    assert distance(a, b) == distance(b, a) == bin(a ^ b).count("1")
    assert (distance(a, b) == 0) == (a == b)
    assert distance(a, c) <= distance(a, b) + distance(b, c)


@given(NUMBERS, NUMBERS)
def test_distance_of_signed_numbers(a: int, b: int) -> None:
    def signed(number: int) -> int:
        return number - 2**BITS if number >= 2 ** (BITS - 1) else number

    assert distance(signed(a), b) == distance(signed(a), signed(b)) == distance(a, b)


def test_an_edition_is_near_and_another_book_is_far() -> None:
    words = [f"w{i * i * 7919 % 5003}" for i in range(20_000)]
    book = " ".join(words)
    edition = ". ".join([*words[:10_000], "a", "new", "foreword", *words[10_000:]]).upper()
    other = " ".join(f"v{i * i * 7907 % 5003}" for i in range(20_000))
    assert distance(simhash(book), simhash(edition)) <= module.NEAR
    assert distance(simhash(book), simhash(other)) > module.NEAR


@pytest.mark.parametrize("unit", ["a", "abcdefghijkl ", "語彙 ", "\ud800"])
def test_time_and_memory_are_linear(unit: str) -> None:
    def cost(length: int) -> tuple[float, int]:
        text = (unit * (length // len(unit) + 1))[:length]
        tracemalloc.start()
        start = time.process_time()
        simhash(text)
        used = time.process_time() - start
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return used, peak

    cost(1000)
    (less, _), (more, peak) = cost(1 << 20), cost(1 << 22)
    assert more < 12 * less + 0.2
    # its own blocks, and the text in lower case
    assert peak < 100 * (1 << 20) + 4 * (1 << 22)


def test_editions_that_differ_in_diacritics_are_near(shared_data: Path) -> None:
    """A book in UTF-8, one in ASCII, and one with Project Gutenberg's spellings of accents."""
    book = (
        (shared_data / "books" / "2000" / "2000-8.txt")
        .read_bytes()
        .decode("cp1252")[20_000:320_000]
    )
    ascii_ = unicodedata.normalize("NFD", book).encode("ascii", "ignore").decode()
    spelled = re.sub(
        "[áéíóú]", lambda match: f"['{unicodedata.normalize('NFD', match[0])[0]}]", book
    )
    assert distance(simhash(book), simhash(ascii_)) > NEAR
    numbers = {simhash(base_letters(edition)) for edition in (book, ascii_, spelled)}
    assert all(distance(one, other) <= 1 for one in numbers for other in numbers)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain [1] [a] [see]", "plain [1] [a] [see]"),
        ("\u00e9 e\u0301 \u0153 \u00c6 \u00df \u0101", "e e oe AE ss a"),
        ("[=a] [)e] ['o] [OE] [:u]", "a e o OE u"),
        ("\u304c \u0939\u093f", "\u304c \u0939\u093f"),  # marks of other scripts are letters
    ],
)
def test_base_letters(text: str, expected: str) -> None:
    assert base_letters(text) == expected
