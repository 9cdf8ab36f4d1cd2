"""Signals of what a document is about: code, bad words, filler text, stop words, block lists."""

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

    Overlapping phrases count each. The list is used as it stands, so that a phrase with ASCII
    punctuation, a capital or a composed accent never matches the normalised words.
    """
    counts = np.zeros(len(documents), np.float64)
    for language, rows in documents.by_language():
        phrases = documents.resources.bad_words.get(language or "")
        if phrases:
            counts[rows] = _phrases(documents, phrases)[rows]
    return counts


def _phrases(documents: Documents, phrases: Set[str]) -> Ints:
    """How many of the phrases start in each document and end within it, overlaps included.

    All phrases are followed at once, a word at a time, by the number of what was read so far.
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
    place = np.flatnonzero(begins[words])  # where the next word of a phrase may be
    state_at = np.zeros(len(place), np.int64)
    document = documents.repeats.document
    while len(place):
        wanted = state_at * size + words[place]
        step = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        found = keys[step] == wanted
        place, state_at = place[found], targets[step[found]]
        counts += np.bincount(document[place[complete[state_at]]], minlength=len(documents))
        inside = place + 1 < documents.document_words[document[place] + 1]
        place, state_at = place[inside] + 1, state_at[inside]
    return counts


@signal("rps_doc_lorem_ipsum")
def lorem_ipsum(documents: Documents) -> Floats:
    """Occurrences of "lorem ipsum" per character of the normalised text (C4)."""
    spelled = documents.vocabulary.words
    lorem = np.array([word.endswith("lorem") for word in spelled], np.bool_)
    at = np.flatnonzero(lorem[documents.words[:-1]])
    follows = np.array(
        [spelled[word].startswith("ipsum") for word in documents.words[at + 1]], bool
    )
    document = documents.repeats.document
    at = at[follows & (document[at] == document[at + 1])]
    counts = np.bincount(document[at], minlength=len(documents))
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

    The domain is looked up as it stands: neither a parent domain nor a leading `www.` is tried.
    """
    numbers = np.full(len(documents), np.nan)
    categories = documents.resources.categories
    if categories is not None:
        found = {domain: categories.get(domain) for domain in set(documents.domains) if domain}
        for row, domain in enumerate(documents.domains):
            number = found.get(domain or "")
            if number is not None:
                numbers[row] = number
    return numbers
