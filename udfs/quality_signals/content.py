"""Signals of content: code, bad words, filler text, stop words, block lists."""

from __future__ import annotations

from collections.abc import Set

import numpy as np

from udfs.quality_signals.arrays import Floats, Ints, ratio
from udfs.quality_signals.declaration import signal
from udfs.quality_signals.documents import Documents


@signal("rps_doc_curly_bracket")
def curly_bracket(documents: Documents) -> Floats:
    """Curly brackets per character (C4)."""
    brackets = [text.count("{") + text.count("}") for text in documents.texts]
    return ratio(np.array(brackets, np.int64), documents.lengths, empty=0.0)


@signal("rps_doc_ldnoobw_words")
def ldnoobw_words(documents: Documents) -> Floats:
    """Phrases of the List of Dirty, Naughty, Obscene and Otherwise Bad Words (C4).

    Overlapping phrases all count. The list is used unchanged, so that a phrase with ASCII
    punctuation, a capital or a composed accent never matches the normalised words.
    """
    counts = np.zeros(len(documents), np.float64)
    for language, rows in documents.by_language():
        phrases = documents.resources.bad_words.get(language or "")
        if phrases:
            counts[rows] = _phrases(documents, phrases)[rows]
    return counts


def _phrases(documents: Documents, phrases: Set[str]) -> Ints:
    """Return how many of the phrases start in each document and end within it, overlaps included.

    All phrases are matched at once, word by word; a state is the number of the words read so far.
    """
    numbers = documents.vocabulary.word_numbers
    tree: dict[tuple[int, int], int] = {}  # (read so far, next word) -> read so far
    ends: set[int] = set()
    for phrase in phrases:
        parts = phrase.split(" ")
        if all(part and part in numbers for part in parts):
            state = 0
            for word in parts:
                state = tree.setdefault((state, numbers[word]), len(tree) + 1)
            ends.add(state)
    size = len(documents.vocabulary.words)
    steps = sorted((state * size + word, target) for (state, word), target in tree.items())
    keys = np.array([key for key, _ in steps], np.int64)
    targets = np.array([target for _, target in steps], np.int64)
    complete = np.isin(np.arange(len(tree) + 1), list(ends))

    words = documents.words
    counts = np.zeros(len(documents), np.int64)
    begins = np.zeros(size, np.bool_)
    begins[[word for state, word in tree if state == 0]] = True
    positions = np.flatnonzero(begins[words])  # where the next word of a phrase may be
    states = np.zeros(len(positions), np.int64)
    document = documents.repeats.document
    while len(positions):
        wanted = states * size + words[positions]
        step = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        is_step = keys[step] == wanted
        positions, states = positions[is_step], targets[step[is_step]]
        counts += np.bincount(document[positions[complete[states]]], minlength=len(documents))
        inside = positions + 1 < documents.document_words[document[positions] + 1]
        positions, states = positions[inside] + 1, states[inside]
    return counts


@signal("rps_doc_lorem_ipsum")
def lorem_ipsum(documents: Documents) -> Floats:
    """Occurrences of "lorem ipsum" per character of the normalised text (C4)."""
    spelled = documents.vocabulary.words
    lorem = np.array([word.endswith("lorem") for word in spelled], np.bool_)
    positions = np.flatnonzero(lorem[documents.words[:-1]])
    follows = np.array(
        [spelled[word].startswith("ipsum") for word in documents.words[positions + 1]], bool
    )
    document = documents.repeats.document
    positions = positions[follows & (document[positions] == document[positions + 1])]
    counts = np.bincount(document[positions], minlength=len(documents))
    return ratio(counts, documents.normalized_lengths, empty=0.0)


@signal("rps_doc_stop_word_fraction")
def stop_word_fraction(documents: Documents) -> Floats:
    """Stop words per raw word, upper and lower case as they stand (Gopher, RefinedWeb)."""
    counts = np.zeros(len(documents), np.int64)
    for language, rows in documents.by_language():
        stop_words = documents.resources.stop_words.get(language or "")
        if stop_words:
            hits = documents.vocabulary.count_raw_words_in(stop_words)
            counts[rows] = documents.sum_by_document(hits)[rows]
    counts[documents.word_counts == 0] = 0
    return ratio(counts, documents.raw_word_counts, empty=0.0)


@signal("rps_doc_ut1_blacklist")
def ut1_blacklist(documents: Documents) -> Floats:
    """The number of the set of UT1 categories that the domain is in; null for none.

    The domain is looked up unchanged: neither a parent domain nor a leading `www.` is tried.
    """
    numbers = np.full(len(documents), np.nan)
    categories = documents.resources.categories
    if categories is not None:
        by_domain = {domain: categories.get(domain) for domain in set(documents.domains) if domain}
        for row, domain in enumerate(documents.domains):
            number = by_domain.get(domain or "")
            if number is not None:
                numbers[row] = number
    return numbers
