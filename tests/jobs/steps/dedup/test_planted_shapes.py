"""Shapes that public audits of near-dedup found joined wrongly, and those that must be joined."""

from __future__ import annotations

import itertools
import random
import textwrap

import pytest
from families import WORDS
from script_texts import TEXTS

from jobs.steps.dedup.contained import ngrams, share
from udfs.near_duplicates.bands import optimal_bands
from udfs.near_duplicates.lsh_recall import shares_band
from udfs.near_duplicates.minhash_v2 import similarity
from udfs.near_duplicates.planted_duplicates import edited
from udfs.near_duplicates.shingling import CAP, Shingling

BANDS = optimal_bands(0.8, misses=0.9)


def merged(survivor: str, other: str) -> bool:
    """Return whether dedup with its defaults removes the other text, if both alone are compared."""
    one, two = Shingling().signatures([survivor, other])
    if one is None or two is None or not shares_band(one, two, *BANDS):
        return False
    contained = share(ngrams(other), ngrams(survivor))
    return similarity(one, two) >= 0.8 and (contained or 0.0) >= 0.75


def prose(seed: int, words: int) -> str:
    choose = random.Random(seed)
    return " ".join(choose.choice(WORDS) for _ in range(words))


def test_a_mega_document_joins_nothing() -> None:
    parts = [prose(seed, 900) for seed in range(120)]
    mega = "\n".join(parts)
    assert len(mega) > CAP
    assert not any(merged(mega, part) or merged(part, mega) for part in parts[::20])
    assert merged(mega, mega + " another ending")
    beginning = mega[: CAP - 20_000]
    assert merged(mega, beginning)
    assert not merged(beginning, mega)


def recipe(seed: int) -> str:
    """Return a page with an equal frame, and data that are a third of its words."""
    choose = random.Random(seed)
    data = [choose.choice(WORDS) for _ in range(40)]
    frame = (
        "Preheat the oven to {} degrees. Take {} grams of {} and mix them with {} spoons of {}. "
    )
    frame += (
        "Stir until smooth, then pour into a greased form and bake for {} minutes. Serve with {}. "
    )
    return "".join(frame.format(*data[start : start + 7]) for start in range(0, 35, 7))


def test_templates_are_no_duplicates() -> None:
    pages = [recipe(seed) for seed in range(12)]
    assert not any(merged(one, other) for one, other in itertools.combinations(pages, 2))


def llvm(seed: int, instructions: int = 80) -> str:
    choose = random.Random(seed)
    lines = [
        f"  %{number} = {choose.choice(('add', 'mul', 'load', 'icmp eq', 'getelementptr'))} i32 "
        f"%{choose.randrange(number + 1)}, %{choose.randrange(number + 1)}, align {choose.choice((4, 8))}"
        for number in range(instructions)
    ]
    return f"define i32 @f{seed}(i32 %0) {{\n" + "\n".join(lines) + "\n  ret i32 %1\n}"


def test_intermediate_code_of_other_functions_is_none() -> None:
    code = [llvm(seed) for seed in range(12)]
    assert not any(merged(one, other) for one, other in itertools.combinations(code, 2))
    assert merged(code[0], code[0].replace("@f0", "@main"))


def test_five_editions_of_one_book_are_joined() -> None:
    book = "\n\n".join(prose(seed, 150).capitalize() + "." for seed in range(60))
    editions = [
        book,
        textwrap.fill(book.upper(), 72),
        f"The Project Gutenberg eBook\n\n{book}\n\nEnd of this eBook",
        edited(book, 0.01, ["honour", "colour"], key=1),
        "\n".join(f"“{paragraph}” —" for paragraph in book.split("\n")),
    ]
    assert all(merged(*pair) for pair in itertools.permutations(editions, 2))


@pytest.mark.parametrize("language", TEXTS)
def test_one_character_apart_is_joined(language: str) -> None:
    text = TEXTS[language] * (1 if len(TEXTS[language]) > 150 else 2)
    assert merged(text, text[:-1] + "x")


@pytest.mark.parametrize("seed", range(4))
def test_half_of_the_text_is_not_enough(seed: int) -> None:
    shared = prose(seed, 300)
    one, other = f"{shared} {prose(seed + 50, 300)}", f"{shared} {prose(seed + 90, 300)}"
    assert not merged(one, other)
    assert not merged(f"{shared} {prose(seed + 50, 300)}", shared)
