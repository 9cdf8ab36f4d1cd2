"""Hash signs and ellipses for each word: Gopher's rule judges either by itself."""

from __future__ import annotations


def symbol_measures(text: str) -> dict[str, float]:
    """Return `hash_word_ratio` and `ellipsis_word_ratio`; empty for symbols without a word.

    Words are separated by blanks and have a letter or a digit, so that a symbol is no word.

    >>> symbol_measures("# one # two ... three four…")
    {'hash_word_ratio': 0.5, 'ellipsis_word_ratio': 0.5}
    """
    hashes = text.count("#")
    ellipses = text.count("...") + text.count("…")
    if not hashes and not ellipses:  # most texts: their words need no count
        return {"hash_word_ratio": 0.0, "ellipsis_word_ratio": 0.0}
    # most words begin with a letter or a digit, or end with one
    words = sum(
        word[0].isalnum() or word[-1].isalnum() or any(map(str.isalnum, word))
        for word in text.split()
    )
    if not words:
        return {}
    return {"hash_word_ratio": hashes / words, "ellipsis_word_ratio": ellipses / words}
