"""Mark words in a text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup

from jobs.steps.explore.word_search import Word
from jobs.steps.report.markup import escaped, joined, tag


def marked(text: str, words: Sequence[Word]) -> Markup:
    """Return a text with the words that were searched marked, in any case."""
    if not words:
        return escaped(text)
    longest_first = sorted(words, key=lambda word: -len(word.text))
    pattern = re.compile("|".join(word.pattern for word in longest_first), re.IGNORECASE)
    parts: list[object] = []
    position = 0
    for match in pattern.finditer(text):
        parts += [text[position : match.start()], tag("mark", match.group())]
        position = match.end()
    return joined([*parts, text[position:]])
