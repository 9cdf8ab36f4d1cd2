"""Words of a text for the comparison of near-duplicates, by script.

A word is what stands between blanks, but in scripts without blanks between words a character with its
combining marks: Chinese, Japanese, Thai, Lao, Khmer, Burmese, Tibetan and others, of which most have
the classes ID and SA of Unicode's line breaking (UAX 14). So blanks, zero-width spaces and Tibetan
tshegs between such characters do not matter.

Texts are compared in their compatibility decomposition (NFKD) after case folding: ligatures, full and
half width, presentation forms. Left out are punctuation, invisible characters, and the vowel signs of
Arabic and Hebrew, which most texts leave out. A word that a hyphen divides at the end of a line is one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from udfs.near_duplicates import line_end_hyphens
from udfs.near_duplicates.character_kinds import (
    ALONE,
    BLANK,
    LETTER,
    LINE,
    MARK,
    NOTHING,
    Codes,
    Kinds,
    characters,
)
from udfs.near_duplicates.normal_bytes import ASCII_FORM, PUNCTUATION, single_spaces
from udfs.near_duplicates.spellings import respelled
from udfs.quality_signals.vocabulary import decompose

_SPACE = ord(" ")
_LONG_RUN = 500  # combining marks in a row, which `unicodedata` sorts in quadratic time
_FEW = 0.2  # share of bytes that are not ASCII, above which all of a text together is quicker
_KNOWN_RUNS: dict[bytes, bytes] = {}  # the words of short runs, which texts share
_SHORT, _MOST_RUNS = 32, 50_000  # bytes of a run; runs that are known, some 10 MB

BETWEEN = b"\x01"
"""The word between texts that are worked on together."""

AT_ONCE = 1 << 17
"""Characters of short texts that are, so that their words stay in the processor's cache."""


def script_words(text: str) -> bytes:
    """Return a text's words between single spaces, in UTF-8, lone surrogates passed through.

    A text in ASCII has the words of V2's normal form, but for two rules: a hyphen at the end of a line
    joins, and two hyphens are a dash.

    >>> script_words("“Don’t”, she said — ﬁve times.")
    b'dont she said five times'
    >>> script_words("これは、ＡＢＣ！ ไทย").decode()
    'こ れ は abc ไ ท ย'
    >>> script_words("an exam-" + chr(10) + "ple")
    b'an example'
    """
    return single_spaces(_between_spaces(text))


def script_words_of(texts: Sequence[str]) -> bytes:
    """Return the words of texts, one or more spaces between two, and `BETWEEN` between two texts.

    That is quicker than a text after the other. A text that has `BETWEEN` loses it.
    """
    between = f"\n{BETWEEN.decode()}\n"
    joined = between.join(texts)
    if joined.count(BETWEEN.decode()) >= max(len(texts), 1):
        joined = between.join([text.replace(BETWEEN.decode(), " ") for text in texts])
    return _between_spaces(joined)


def script_words_each(texts: Sequence[str]) -> list[bytes]:
    """Return `script_words` of each text, of short ones several at once."""
    words: list[bytes] = []
    first = size = 0
    for index, text in enumerate([*texts, None]):
        if index > first and (text is None or size + len(text) > AT_ONCE):
            words += _of_each(texts[first:index])
            first, size = index, 0
        size += len(text or "")
    return words


def _of_each(texts: Sequence[str]) -> list[bytes]:
    if len(texts) == 1 or any(BETWEEN.decode() in text for text in texts):
        return [script_words(text) for text in texts]
    return [each.strip(b" ") for each in single_spaces(script_words_of(texts)).split(BETWEEN)]


def _between_spaces(text: str) -> bytes:
    data = line_end_hyphens.joined(text.encode("utf-8", "surrogatepass"))
    data = data.replace(b"--", b" ")  # a third hyphen goes as punctuation does
    if text.isascii():
        return data.translate(ASCII_FORM, PUNCTUATION)
    other = np.frombuffer(data, np.int8) < 0
    if np.count_nonzero(other) > _FEW * len(data):
        words = data.decode("utf-8", "surrogatepass").split()
        return _words(" ".join(words)).encode("utf-8", "surrogatepass")
    return _mostly_ascii(data.translate(ASCII_FORM, PUNCTUATION))


def cut(text: str) -> list[str]:
    """Cut a text as it is into words and what stands between them.

    Words have odd numbers. A character of a script without blanks is one; other words keep their
    punctuation. White space and other marks stand between.

    >>> cut("so, これ\u3002")
    ['', 'so,', ' ', 'こ', '', 'れ', '\u3002']
    """
    _, kinds = characters(text)
    between = (kinds == BLANK) | (kinds == LINE)
    kinds = np.where(kinds == NOTHING, np.uint8(MARK), kinds)  # it belongs to what is before it
    starts = _starts(kinds, kinds == ALONE)
    starts[1:] |= between[1:] != between[:-1]
    edges = np.append(0, np.flatnonzero(starts[1:]) + 1)
    letters = (kinds == LETTER) | (kinds == ALONE)
    is_word = np.logical_or.reduceat(letters, edges) if text else np.zeros(1, np.bool_)
    kept = np.append(True, is_word[1:] | is_word[:-1])
    bounds = [*edges[kept].tolist(), len(text)]
    parts: list[str] = []
    for (start, end), is_one in zip(pairwise(bounds), is_word[kept].tolist(), strict=True):
        if is_one == (len(parts) % 2 == 0):
            parts.append("")
        parts.append(text[start:end])
    return parts if len(parts) % 2 else [*parts, ""]


def _mostly_ascii(data: bytes) -> bytes:
    """Replace the runs of other characters, each different one once; none depends on the others."""
    data = b" %b " % data  # so that ASCII comes first, last and between runs
    other = np.frombuffer(data, np.int8) < 0
    edges = (np.flatnonzero(other[1:] != other[:-1]) + 1).tolist()
    parts = [data[start:end] for start, end in zip([0, *edges], [*edges, None], strict=True)]
    runs = set(parts[1::2])
    words = {run: _KNOWN_RUNS[run] for run in runs & _KNOWN_RUNS.keys()}
    new = list(runs - words.keys())
    if new:
        lines = _words(b"".join([run + b"\n" for run in new]).decode("utf-8", "surrogatepass"))
        of_new = zip(new, lines.encode("utf-8", "surrogatepass").split(b"\n")[:-1], strict=True)
        words.update(of_new)
        _remember({run: words[run] for run in new if len(run) <= _SHORT})
    parts[1::2] = map(words.__getitem__, parts[1::2])
    return b"".join(parts)


def _remember(words: dict[bytes, bytes]) -> None:
    if len(_KNOWN_RUNS) + len(words) > _MOST_RUNS:
        _KNOWN_RUNS.clear()
    _KNOWN_RUNS.update(words)


def _words(text: str) -> str:
    """Return the words of a text between one or more spaces, newlines as they are."""
    codes, kinds = characters(_decomposed(respelled(text)).casefold())
    if int(kinds.max(initial=0)) == NOTHING:
        kept = kinds != NOTHING
        codes, kinds = codes[kept], kinds[kept]
    codes = np.where(kinds == BLANK, _SPACE, codes)
    alone = kinds == ALONE
    if alone.any():
        codes = _spaced(codes, kinds, alone)
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def _decomposed(text: str) -> str:
    """Return the NFKD, in linear time."""
    _, kinds = characters(text)
    others = np.flatnonzero(kinds != MARK)
    if int(np.diff(others, prepend=-1, append=len(kinds)).max()) > _LONG_RUN:
        return "".join(decompose([text], "NFKD"))
    return unicodedata.normalize("NFKD", text)


def _spaced(codes: Codes, kinds: Kinds, alone: npt.NDArray[np.bool_]) -> Codes:
    """Insert a space before each character that is a word, and behind its marks."""
    starts = _starts(kinds, alone)
    spaced = np.repeat(codes, 1 + starts)
    places = np.flatnonzero(starts)
    spaced[places + np.arange(len(places))] = _SPACE
    return spaced


def _starts(kinds: Kinds, alone: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return whether each character is a word, or follows one and its marks."""
    places = np.where(kinds != MARK, np.arange(len(kinds)), 0)
    of_word = alone[np.maximum.accumulate(places)]  # the character before the marks is a word
    starts: npt.NDArray[np.bool_] = alone.copy()
    starts[1:] |= of_word[:-1] & (kinds[1:] != MARK)
    return starts
