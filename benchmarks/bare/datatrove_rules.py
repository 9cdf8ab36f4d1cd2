"""Decisions of datatrove's filters, rule by rule, at the thresholds of the papers.

Reads JSON lines of texts and writes for each an object with the names of our rules, true where datatrove's
rule drops the text. Runs in an environment with datatrove, spacy and nltk; `benchmarks/filters.py` calls it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from datatrove.data import Document
from datatrove.pipeline.filters import (
    C4QualityFilter,
    FineWebQualityFilter,
    GopherQualityFilter,
    GopherRepetitionFilter,
)

NO_QUALITY = {
    **{"min_doc_words": None, "max_doc_words": None, "min_avg_word_length": None},
    **{"max_avg_word_length": None, "max_symbol_word_ratio": None, "max_bullet_lines_ratio": None},
    **{"max_ellipsis_lines_ratio": None, "max_non_alpha_words_ratio": None, "min_stop_words": None},
}
NO_REPETITION = {
    **{"dup_line_frac": None, "dup_para_frac": None, "dup_line_char_frac": None},
    **{"dup_para_char_frac": None, "top_n_grams": (), "dup_n_grams": ()},
}
NO_FINEWEB = {
    **{
        "line_punct_thr": -1,
        "short_line_thr": 2,
        "char_duplicates_ratio": 2,
        "new_line_ratio": 1e9,
    },
}
NO_C4 = {
    **{"min_num_sentences": -1, "filter_lorem_ipsum": False, "filter_curly_bracket": False},
    "min_words_per_line": 5,  # the paper's; datatrove has 3
}
TOP = {2: 0.20, 3: 0.18, 4: 0.16}
DUPLICATE = {5: 0.15, 6: 0.14, 7: 0.13, 8: 0.12, 9: 0.11, 10: 0.10}


def rules() -> dict[str, Callable[[str], bool]]:
    """Return the rules: whether each drops a text."""
    quality: dict[str, dict[str, Any]] = {
        "word-count": {"min_doc_words": 50, "max_doc_words": 100000},
        "mean-word-length": {"min_avg_word_length": 3, "max_avg_word_length": 10},
        "symbol-to-word-ratio": {"max_symbol_word_ratio": 0.1},
        "bullet-lines": {"max_bullet_lines_ratio": 0.9},
        "ellipsis-lines": {"max_ellipsis_lines_ratio": 0.3},
        "alphabetic-words": {"max_non_alpha_words_ratio": 0.8},
        "stop-words": {"min_stop_words": 2},
    }
    repetition: dict[str, dict[str, Any]] = {
        "duplicate-lines": {"dup_line_frac": 0.3},
        "duplicate-line-characters": {"dup_line_char_frac": 0.2},
        **{f"top-{n}grams": {"top_n_grams": ((n, share),)} for n, share in TOP.items()},
        **{f"duplicate-{n}grams": {"dup_n_grams": ((n, share),)} for n, share in DUPLICATE.items()},
    }
    fineweb: dict[str, dict[str, Any]] = {
        "punctuated-lines": {"line_punct_thr": 0.12},
        "duplicate-line-characters": {
            "char_duplicates_ratio": 0.1
        },  # the paper's; the code has 0.01
        "short-lines": {"short_line_thr": 0.67},
    }
    c4: dict[str, dict[str, Any]] = {
        "sentences": {"min_num_sentences": 3},
        "lorem-ipsum": {"filter_lorem_ipsum": True},
        "curly-bracket": {"filter_curly_bracket": True},
    }
    web = {"filter_no_terminal_punct": False, "min_words_per_line": 3}
    found = {
        **{f"gopher/{k}": GopherQualityFilter(**NO_QUALITY | v) for k, v in quality.items()},
        **{
            f"gopher/{k}": GopherRepetitionFilter(**NO_REPETITION | v)
            for k, v in repetition.items()
        },
        **{f"fineweb/{k}": FineWebQualityFilter(**NO_FINEWEB | v) for k, v in fineweb.items()},
        **{f"c4/{k}": C4QualityFilter(**NO_C4 | v) for k, v in c4.items()},
        "fineweb/sentences": C4QualityFilter(**NO_C4 | web | {"min_num_sentences": 5}),
    }
    lines = C4QualityFilter(**NO_C4)
    return {
        **{name: partial(drops, known) for name, known in found.items()},
        "c4/no-line-left": lambda text: not left(lines, text),
    }


def drops(known: Any, text: str) -> bool:
    """Return whether a filter drops a text."""
    return known.filter(Document(text=text, id="")) is not True


def left(lines: Any, text: str) -> str:
    """Return the lines that C4's filter leaves."""
    document = Document(text=text, id="")
    lines.filter(document)
    return str(document.text)


def texts() -> Iterator[str]:
    """Yield the texts of standard input."""
    yield from map(json.loads, sys.stdin)


def main() -> None:
    known = rules()
    for text in texts():
        print(json.dumps({name: bool(rule(text)) for name, rule in known.items()}))


if __name__ == "__main__":
    main()
