"""V2's rule-based signals restated word by word from their description, one document at a time.

Slow and plain on purpose: what the tests hold the real implementation against.
"""

from __future__ import annotations

import itertools
import math
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection
from typing import Any, Protocol

Triples = list[list[Any]]


class Categories(Protocol):
    """A mapping from domains to numbers of UT1 categories."""

    def get(self, domain: str, /) -> int | None: ...


CIRCLED = [
    "".join(map(chr, range(first, last + 1)))
    for first, last in (
        (0x24B6, 0x24E9),
        (0x1F130, 0x1F149),
        (0x1F150, 0x1F169),
        (0x1F170, 0x1F189),
    )
]
BULLETS = "•‣▶◀◦■□▪▫–"


def normalize(text: str) -> str:
    text = text.translate(str.maketrans("", "", string.punctuation))
    text = re.sub(r"\s+", " ", text.lower().strip())
    return unicodedata.normalize("NFD", text)


def raw_words(text: str, word_rule: str = "regex") -> list[str]:
    if word_rule == "re":
        return re.findall(r"\w+|[^\w\s]+", text)
    groups = itertools.groupby(text, key=lambda char: is_space(char) * 2 + is_word(char))
    return ["".join(chars) for kind, chars in groups if kind < 2]


def is_space(char: str) -> bool:
    """Whitespace to the module regex: White_Space of Unicode."""
    return char.isspace() and char not in "\x1c\x1d\x1e\x1f"


def is_word(char: str) -> bool:
    """Word character to the module regex: alphabetic characters, marks, decimals, connectors, joiners."""
    category = unicodedata.category(char)
    circled = any(char in block for block in CIRCLED)
    return (
        category[0] in "LM" or category in ("Nd", "Nl", "Pc") or char in "\u200c\u200d" or circled
    )


def raw_lines(text: str) -> list[tuple[str, int, int]]:
    return [(m.group(), m.start(), m.end()) for m in re.finditer(r"[^\n]*\n|[^\n]+$", text)]


def ngrams(words: list[str], n: int) -> list[tuple[str, ...]]:
    return [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]


def share(part: float, whole: float, empty: float | None) -> float | None:
    return empty if whole == 0 else round(part / whole, 8)


def top_ngram(words: list[str], n: int) -> float | None:
    top = Counter(ngrams(words, n)).most_common(1)
    if not top or top[0][1] <= 1:
        return 0.0
    gram, count = top[0]
    return round(sum(map(len, gram)) * count / sum(map(len, words)), 8)


def dupe_ngrams(words: list[str], n: int) -> float | None:
    grams = ngrams(words, n)
    counts = Counter(grams)
    marked = [False] * len(words)
    for i, gram in enumerate(grams):
        if counts[gram] > 1:
            marked[i : i + n] = [True] * n
    chars = sum(len(word) for word, mark in zip(words, marked, strict=True) if mark)
    return share(chars, sum(map(len, words)), 0.0)


def entropy(words: list[str]) -> float | None:
    if not words:
        return None
    total = 0.0
    for count in Counter(words).values():
        total = total + -count / len(words) * math.log(count / len(words))
    return round(total, 8)


def ldnoobw(words: list[str], phrases: Collection[str]) -> float:
    sizes = {1 + phrase.count(" ") for phrase in phrases}
    return float(sum(" ".join(gram) in phrases for n in sizes for gram in ngrams(words, n)))


def line_signals(text: str) -> dict[str, Triples]:
    def each(score: Callable[[str], float], *, of_normalized: bool) -> Triples:
        return [
            [start, end, score(normalize(line) if of_normalized else line)]
            for line, start, end in raw_lines(text)
        ]

    def fraction(test: Callable[[str], bool]) -> Callable[[str], float]:
        return lambda line: round(sum(map(test, line)) / len(line), 8) if line else 0.0

    bullets = each(
        lambda line: float(line.lstrip().startswith(tuple(BULLETS))), of_normalized=False
    )
    return {
        "rps_lines_ending_with_terminal_punctution_mark": each(
            lambda line: float(line.rstrip().endswith((".", "!", "?", "”"))), of_normalized=False
        ),
        "rps_lines_javascript_counts": each(
            lambda line: float(line.split().count("javascript")), of_normalized=True
        ),
        "rps_lines_num_words": each(lambda line: len(line.split()), of_normalized=True),
        "rps_lines_numerical_chars_fraction": each(fraction(str.isnumeric), of_normalized=True),
        "rps_lines_start_with_bulletpoint": bullets or [[0, len(text), None]],
        "rps_lines_uppercase_letter_fraction": each(fraction(str.isupper), of_normalized=False),
    }


def signals(
    text: str,
    *,
    bad_words: Collection[str] = frozenset(),
    stop_words: Collection[str] = frozenset(),
    categories: Categories | None = None,
    domain: str | None = None,
    word_rule: str = "regex",
) -> dict[str, Triples]:
    """All rule-based signals of one text."""
    raw, normalized = raw_words(text, word_rule), normalize(text)
    words, lines = normalized.split(), raw_lines(text)
    with_letter = sum(re.search("[a-zA-Z]", word) is not None for word in raw)
    symbols = text.count("#") + text.count("...") + text.count("…")
    ellipses = sum(line.rstrip().endswith(("...", "…")) for line, _, _ in lines)
    scores: dict[str, float | None] = {
        "rps_doc_curly_bracket": share(text.count("{") + text.count("}"), len(text), 0.0),
        "rps_doc_ldnoobw_words": ldnoobw(words, bad_words),
        "rps_doc_lorem_ipsum": share(normalized.count("lorem ipsum"), len(normalized), 0.0),
        "rps_doc_stop_word_fraction": (
            share(sum(word in stop_words for word in raw), len(raw), 0.0) if words else 0.0
        ),
        "rps_doc_ut1_blacklist": None
        if categories is None or domain is None
        else categories.get(domain),
        **{f"rps_doc_frac_chars_dupe_{n}grams": dupe_ngrams(words, n) for n in range(5, 11)},
        **{f"rps_doc_frac_chars_top_{n}gram": top_ngram(words, n) for n in (2, 3, 4)},
        "rps_doc_frac_all_caps_words": share(sum(map(str.isupper, raw)), len(raw), None),
        "rps_doc_frac_lines_end_with_ellipsis": share(ellipses, len(lines), None),
        "rps_doc_frac_no_alph_words": round(1.0 - with_letter / len(raw), 8) if raw else None,
        "rps_doc_frac_unique_words": share(len(set(words)), len(words), None),
        "rps_doc_mean_word_length": share(sum(map(len, words)), len(words), None),
        "rps_doc_num_sentences": float(len(re.findall(r"\b[^.!?]+[.!?]*", text))),
        "rps_doc_symbol_to_word_ratio": share(symbols, len(raw), None),
        "rps_doc_unigram_entropy": entropy(words),
        "rps_doc_word_count": len(words),
    }
    return {name: [[0, len(text), value]] for name, value in scores.items()} | line_signals(text)
