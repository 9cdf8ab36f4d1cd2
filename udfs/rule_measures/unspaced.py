"""Words and their repetition in languages without blanks between words, of which V2's signals see none.

Each character with its marks is a word of near-duplicates' (`udfs.near_duplicates.script_words`). Two
count as a word here in Chinese, three in Japanese, four in other languages: about as many as the
declaration of human rights has for a word of its English text. An n-gram of n words has n times as many.
No dictionary decides, so that equal parts of a text are cut alike, and no release of a segmenter changes
what a rule drops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from udfs.near_duplicates.script_words import script_words_each
from udfs.quality_signals.arrays import Ints, offsets, segment_sum
from udfs.quality_signals.repeats import Repeats
from udfs.quality_signals.repetition import dupe_ngrams, top_ngram
from udfs.rule_measures.scripts import unspaced_characters

_CHARACTERS = {"zh": 2, "wuu": 2, "yue": 2, "ja": 3}  # that count as a word
_OTHERS = 4
_TOP, _DUPLICATE = range(2, 5), range(5, 11)  # words of Gopher's n-grams

NAMES = (
    "unspaced_words",
    *(f"unspaced_top_{n}gram" for n in _TOP),
    *(f"unspaced_duplicate_{n}grams" for n in _DUPLICATE),
)


@dataclass(frozen=True)
class _Words:
    """Words of several texts, as `udfs.quality_signals.repetition` reads them."""

    words: Ints
    word_lengths: Ints
    document_words: Ints
    word_chars: Ints
    repeats: Repeats

    def __len__(self) -> int:
        return len(self.word_chars)


def unspaced_measures(texts: Sequence[str], language: str) -> list[dict[str, float]]:
    """Return the measures of words by such words, and those of `NAMES`, of each text; {} without words.

    Words of scripts with blanks count as they are. The others are the shares of characters in n-grams as V2
    has them: `unspaced_top_2gram` is the share of the most frequent n-gram's occurrences,
    `unspaced_duplicate_5grams` of all n-grams that occur more than once, the first occurrence included.
    """
    cut = [words.decode("utf-8", "surrogatepass").split() for words in script_words_each(texts)]
    numbers: dict[str, int] = {}
    codes = np.array([numbers.setdefault(w, len(numbers)) for ws in cut for w in ws], np.int64)
    lengths = np.array([len(word) for word in numbers], np.int64)[codes]
    bounds = offsets([len(words) for words in cut])
    alone = np.array([unspaced_characters(word[0]) for word in numbers], np.int64)
    wordless = np.array([not any(map(str.isalpha, word)) for word in numbers], bool)
    others = wordless & (alone == 0)
    words = _Words(codes, lengths, bounds, segment_sum(lengths, bounds), Repeats(codes, bounds))
    size = _CHARACTERS.get(language, _OTHERS)
    shares = {
        **{f"unspaced_top_{n}gram": top_ngram(n * size)(words) for n in _TOP},
        **{f"unspaced_duplicate_{n}grams": dupe_ngrams(n * size)(words) for n in _DUPLICATE},
    }
    characters = segment_sum(alone[codes], bounds)
    counts = np.diff(bounds) - characters + characters / size
    without_letter = segment_sum(others[codes], bounds)
    return [
        {
            "alphabetic_words": float(1 - without_letter[row] / counts[row]),
            "hash_word_ratio": text.count("#") / float(counts[row]),
            "ellipsis_word_ratio": (text.count("...") + text.count("…")) / float(counts[row]),
            "unspaced_words": float(counts[row]),
            **{name: float(share[row]) for name, share in shares.items()},
        }
        if counts[row]
        else {}
        for row, text in enumerate(texts)
    ]
