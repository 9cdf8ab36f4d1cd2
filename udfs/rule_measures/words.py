"""Measures of the words between blanks: symbols for each word, and the share of words with a letter."""

from __future__ import annotations


def word_measures(text: str) -> dict[str, float]:
    """Return `alphabetic_words`, `hash_word_ratio` and `ellipsis_word_ratio`.

    Symbols are counted apart, as Gopher's rule judges either by itself, for each word that has a letter
    or a digit, so that a symbol is no word. Without a word the ratios of symbols are missing, and so is
    the share of the words with a letter in a text of blanks.

    >>> word_measures("# one # 2 ... three four…")
    {'alphabetic_words': 0.42857142857142855, 'hash_word_ratio': 0.5, 'ellipsis_word_ratio': 0.5}
    """
    words = text.split()
    # most words begin with a letter, or end with one
    others = [
        word
        for word in words
        if not (word[0].isalpha() or word[-1].isalpha() or any(map(str.isalpha, word)))
    ]
    count = len(words) - len(others)
    found = {"alphabetic_words": count / len(words)} if words else {}
    hashes = text.count("#")
    ellipses = text.count("...") + text.count("…")
    if not hashes and not ellipses:
        return {**found, "hash_word_ratio": 0.0, "ellipsis_word_ratio": 0.0}
    count += sum(any(map(str.isalnum, word)) for word in others)
    if not count:
        return found
    return {**found, "hash_word_ratio": hashes / count, "ellipsis_word_ratio": ellipses / count}
