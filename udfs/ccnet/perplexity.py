"""CCNet's perplexity: a document as one sentence of SentencePiece pieces, scored by KenLM.

The formula is that of `cc_net.perplexity.DocLM`: `10 ** (-sum(log10 score) / sum(pieces + 1))`, summed
over the lines of a document. The normaliser deletes newlines, so that a document is a single line.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

from udfs.ccnet.normalizer import normalize

# Pieces and scores take about 40 bytes of memory per character. Web documents are shorter than this
# limit; a longer book is scored as several lines, which the formula allows.
MAX_LINE = 5_000_000

# normalised text has no other of ASCII
_BLANK_BUT_SPACE = re.compile(r"[^\S ]")


def perplexity_of(log10_score: float, length: int) -> float:
    """Return `10 ** (-log10_score / length)`, or infinity if it exceeds a double.

    Parameters
    ----------
    log10_score
        The sum of the base-10 logarithms of all probabilities.
    length
        The number of probabilities: one per token and one per line end.
    """
    try:
        return float(10.0 ** (-log10_score / length))
    except OverflowError:
        return math.inf


class Perplexity:
    """Score documents with the two models of one language.

    Parameters
    ----------
    pieces
        A `sentencepiece.SentencePieceProcessor`.
    model
        A `kenlm.Model` over its pieces.
    max_line
        Maximum length of a line in code points of normalised text. A longer document is scored as
        several lines, cut at a space where possible.
    """

    def __init__(self, pieces: Any, model: Any, max_line: int = MAX_LINE) -> None:
        self._encode = pieces.encode_as_pieces
        self._log10_score = model.score
        self._max_line = max_line

    def score(self, texts: Sequence[str | None]) -> list[float | None]:
        """Return the perplexity of each document, rounded to 1 decimal.

        It is None for a document without any piece, which then belongs to the bucket `all`.
        """
        return [self._score(text) if text else None for text in texts]

    def _score(self, text: str) -> float | None:
        log10_score, length = 0.0, 0
        for part in self._parts(normalize(text)):
            pieces = self._encode(part)
            line = " ".join(pieces)
            if not line:
                continue
            log10_score += self._log10_score(line)
            # CCNet splits the joined line at blanks, so a piece that contains a blank counts twice
            has_blanks = _BLANK_BUT_SPACE.search(line) is not None
            length += (len(line.split()) if has_blanks else len(pieces)) + 1
        return round(perplexity_of(log10_score, length), 1) if length else None

    def _parts(self, text: str) -> Iterator[str]:
        # UTF-8 cannot encode a lone surrogate; it becomes "?"
        text = text.encode("utf-8", "replace").decode("utf-8")
        while len(text) > self._max_line:
            cut = text.rfind(" ", 1, self._max_line)
            cut = self._max_line if cut < 0 else cut
            yield text[:cut]
            text = text[cut:]
        if text:
            yield text
