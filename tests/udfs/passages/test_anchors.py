"""Tests of `udfs.passages.anchors` and `udfs.passages.cover`: equal to an exhaustive search."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from passage_search import Row, exhaustive, found

from udfs.passages import anchors
from udfs.passages.anchors import Passages

ALPHABETS = {
    "words": ["the ", "a", "cat ", "sat", "on,\n", "mat. ", "x", " ", "«y» "],
    "han": [*"的一是了我不人在。、 a"],
    "thai": [*"กขคงจา้ ", "ไทย"],
    "mixed": ["ไทย", "中文", "word ", "é", "🙂 ", "-", "\t", "١٢٣ ", "नमस्ते "],
}


def _corpus(rng: random.Random, alphabet: Sequence[str]) -> list[str]:
    """Return short documents over few characters, with passages copied between and within them."""
    texts: list[str] = []
    for _ in range(rng.randint(2, 7)):
        text = "".join(rng.choices(alphabet, k=rng.randint(0, 60)))
        for _ in range(rng.randint(0, 3)):
            source = rng.choice([*texts, text])
            if source:
                start = rng.randrange(len(source))
                at = rng.randint(0, len(text))
                text = text[:at] + source[start : start + rng.randint(1, 60)] + text[at:]
        texts.append(text)
    return texts


@pytest.mark.parametrize("unit", ["word", "byte"])
@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_every_repeated_window_is_found_and_nothing_else(alphabet: str, unit: str) -> None:
    rng = random.Random(f"{alphabet} {unit}")
    repeated = 0
    for _ in range(20):
        shortest = rng.choice([3, 4, 5, 8, 11]) + 6 * (unit == "byte")
        passages = Passages(shortest, unit)  # type: ignore[arg-type]
        texts = _corpus(rng, ALPHABETS[alphabet])
        rows = found(texts, passages)
        expected = exhaustive(texts, passages)
        covered = [set[int]() for _ in texts]
        for row in rows:
            span = slice(row.start, row.start + row.length)
            kept = slice(row.keeper_start, row.keeper_start + row.length)
            assert texts[row.number][span] == texts[row.keeper][kept]
            assert (row.keeper, row.keeper_start) < (row.number, row.start)
            covered[row.number] |= set(range(row.start, row.start + row.length))
        assert covered == expected
        repeated += sum(map(len, expected))
    assert repeated > 300


def test_a_long_text_is_cut_without_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(5)
    texts = _corpus(rng, ALPHABETS["words"]) + ["".join(rng.choices("abc de f", k=3000))] * 2
    texts[-1] = texts[-1][:700] + " other " + texts[-1][700:]
    for passages in (Passages(7), Passages(40, "byte")):
        whole = found(texts, passages)
        with monkeypatch.context() as patch:
            patch.setattr(anchors, "LONG", 500)
            parts = found(texts, passages)
        assert _characters(parts) == _characters(whole) == exhaustive(texts, passages)


def _characters(rows: Sequence[Row]) -> list[set[int]]:
    covered: dict[int, set[int]] = {}
    for row in rows:
        covered.setdefault(row.number, set()).update(range(row.start, row.start + row.length))
    return [covered.get(number, set()) for number in range(max(covered) + 1)]
