"""CCNet's perplexity: a document as one sentence of SentencePiece pieces, scored by KenLM.

`cc_net.perplexity`, with the formula of `DocLM`: over the lines of a document,
`10 ** (-sum(log10 score) / sum(pieces + 1))`. The normaliser deletes newlines: there is one line.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from udfs.ccnet.normalizer import normalize

# Pieces and their scores take some 40 bytes of memory a character. CCNet's documents stay below;
# a book may be longer and is then scored as several lines, which its formula allows for.
MAX_LINE = 5_000_000


def perplexity_of(log10_score: float, length: int) -> float:
    """Return `10 ** (-log10_score / length)`, infinite where a double cannot hold it.

    Parameters
    ----------
    log10_score
        The sum of the base-10 logarithms of all probabilities.
    length
        The number of probabilities: tokens and, for each line, its end.
    """
    try:
        return float(10.0 ** (-log10_score / length))
    except OverflowError:
        return math.inf


class Perplexity:
    """The two models of one language.

    Parameters
    ----------
    pieces
        A `sentencepiece.SentencePieceProcessor`.
    model
        A `kenlm.Model` over its pieces.
    max_line
        Code points of normalised text from which a document is scored as several lines, cut at
        spaces where there are any.
    """

    def __init__(self, pieces: Any, model: Any, max_line: int = MAX_LINE) -> None:
        self._encode = pieces.encode_as_pieces
        self._log10_score = model.score
        self._max_line = max_line

    def score(self, texts: Sequence[str | None]) -> list[float | None]:
        """Return the perplexity of each document, rounded to 1 decimal.

        A document that gives no piece has none, and so belongs to the bucket `all`.
        """
        return [self._score(text) if text else None for text in texts]

    def _score(self, text: str) -> float | None:
        log10_score, length = 0.0, 0
        for part in self._parts(normalize(text)):
            line = " ".join(self._encode(part))
            if not line:
                continue
            log10_score += self._log10_score(line)
            # CCNet splits the line again, so a piece with a blank in it counts as two
            length += len(line.split()) + 1
        return round(perplexity_of(log10_score, length), 1) if length else None

    def _parts(self, text: str) -> Iterator[str]:
        # half of a surrogate pair: UTF-8 cannot carry it, nor would the models know it
        text = text.encode("utf-8", "replace").decode("utf-8")
        while len(text) > self._max_line:
            cut = text.rfind(" ", 1, self._max_line)
            cut = self._max_line if cut < 0 else cut
            yield text[:cut]
            text = text[cut:]
        if text:
            yield text
