"""Recall of planted near-duplicates in several languages, against the theory, and the shared cases."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

from udfs.near_duplicates import lsh_recall
from udfs.near_duplicates.bands import optimal_bands
from udfs.near_duplicates.minhash_v2 import similarity
from udfs.near_duplicates.planted_duplicates import edited, pairs
from udfs.near_duplicates.script_words import cut
from udfs.near_duplicates.shingling import Shingling

THRESHOLD = 0.8
BANDS = optimal_bands(THRESHOLD, misses=0.9)
DOCUMENTS, WORDS = 160, 150

# consonants and vowels, or characters, and what stands between two words
ALPHABETS = {
    "en": (["b", "dr", "k", "s", "th"], ["a", "e", "ing", "o"], " "),
    "de": (["b", "dr", "k", "ß", "sch"], ["ä", "e", "ung", "ö"], " "),
    "ja": (list("日本語文字山川人口東西"), list("かなのはをにたカナー"), ""),
    "zh": (
        list("的一是在不了有和人这中大为上个国我以要他"),
        list("时来用们生到作地于出就分对成会"),
        "",
    ),
    "ko": (list("한국말글사람"), list("은는이가을를에서"), " "),
    "th": (list("กขคงจชดตนบปผมยรลวสหอ"), ["า", "ิ", "ี่", "ู้", "ะ", "ำ", ""], ""),
    "lo": (list("ກຂຄງຈຊດຕນບປຜມຍຣລວສຫອ"), ["າ", "ິ", "ີ່", "ູ້", "ະ", "ຳ", ""], ""),
    "km": (list("កខគឃងចឆជឈញដឋឌឍណតថទធន"), ["ា", "ិ", "ី", "ុ", "ូ", "្រ", ""], ""),
    "my": (list("ကခဂဃငစဆဇဈညဋဌဍဎဏတထဒဓန"), ["ာ", "ိ", "ီ", "ု", "ူ", "ြ", "န်"], ""),
    "bo": (list("ཀཁགངཅཆཇཉཏཐདནཔཕབམ"), ["ི་", "ུ་", "ེ་", "ོ་", "ས་", ""], ""),
    "ar": (list("بتثجحخدذرزسشصضطظعغفقكلمنهوي"), ["َ", "ُ", "ِ", "ا", "ّ", ""], " "),
    "hi": (list("कखगघचछजझटठडढतथदधनपफबभमयरलवशसह"), ["ा", "ि", "ी", "ु", "े", "ं", ""], " "),
}
MIXED = ("en", "ja", "th")


def document(language: str, choose: random.Random) -> str:
    """Return a text of random words."""
    if language == "mixed":
        thirds = [document(part, choose) for part in MIXED]
        return "\n".join(third[: len(third) // 3] for third in thirds)
    first, second, between = ALPHABETS[language]
    text = ""
    while len(text) < 8 * WORDS:
        syllables = choose.choice((1, 2, 3)) if not between else choose.choice((2, 3, 4))
        for _ in range(syllables):
            text += choose.choice(first) + choose.choice(second)
        text += between
    parts = cut(text)
    return "".join(parts[: 2 * WORDS])


@pytest.mark.parametrize("language", [*ALPHABETS, "mixed"])
def test_recall_is_as_expected(language: str) -> None:
    choose = random.Random(language)
    texts = [document(language, choose) for _ in range(DOCUMENTS)]
    shingling = Shingling()
    planted = pairs(texts, range(DOCUMENTS), shingling.signatures, shingling.jaccard)
    few = [pair for pair in planted if 0 < pair.rate <= 0.05]
    assert len(few) > 2.9 * DOCUMENTS  # a word may be replaced by the same one
    found = [
        lsh_recall.shares_band(pair.signature, pair.of_copy, *BANDS)
        and similarity(pair.signature, pair.of_copy) >= THRESHOLD
        for pair in few
    ]
    jaccard = np.array([pair.jaccard for pair in few])
    expected = lsh_recall.found(jaccard, *BANDS, THRESHOLD)
    assert abs(float(np.mean(found)) - float(expected.mean())) < 0.03
    assert np.mean(found) > 0.4  # the words of release 0.1 found next to none where no blanks are
    one_percent = [hit for hit, pair in zip(found, few, strict=True) if pair.rate == 0.01]
    assert np.mean(one_percent) > 0.95


@pytest.mark.parametrize("language", [*ALPHABETS, "mixed"])
def test_one_closing_word_changed(language: str) -> None:
    """Of texts of 60 words too; their true similarity is 51 / 61."""
    shingling, choose = Shingling(), random.Random(language)
    for _ in range(20):
        parts = cut(document(language, choose))
        short = "".join(parts[1 if language == "mixed" else 0 : 120])
        ending = " 終 " if language in ("ja", "zh", "mixed") else " x "
        similar = shingling.jaccard(short, short + ending)
        assert 0.9 < similar < 1


@pytest.mark.parametrize("rate", [0.01, 0.02, 0.05])
def test_chinese_lines_are_edited(rate: float) -> None:
    text = "\n".join("".join(ALPHABETS["zh"][0]) for _ in range(10))
    copy = edited(text, rate, ["龍"], key=3)
    assert copy.count("龍") == round(rate * 200)
    assert len(copy) == len(text)


def test_pairs_that_differ_in_a_closing_word(after_cases: Path) -> None:
    lines = (after_cases / "dedup-cjk-thai/c4.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    shingling = Shingling()
    for one, other in zip(texts[::2], texts[1::2], strict=True):
        assert shingling.jaccard(one, other) > 0.9
        left, right = shingling.signatures([one, other])
        assert left is not None
        assert right is not None
        assert lsh_recall.shares_band(left, right, *BANDS)
        assert similarity(left, right) >= THRESHOLD
    blanks = Shingling(words="blanks")
    assert blanks.jaccard(texts[0], texts[1]) < 0.1
