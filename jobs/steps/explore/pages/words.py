"""Mark words in a text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup

from jobs.steps.report.markup import escaped, joined, tag


def marked(text: str, words: Sequence[str]) -> Markup:
    """Return a text with the words that were searched marked, in any case."""
    if not words:
        return escaped(text)
    pattern = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))), re.I)
    parts: list[object] = []
    position = 0
    for match in pattern.finditer(text):
        parts += [text[position : match.start()], tag("mark", match.group())]
        position = match.end()
    return joined([*parts, text[position:]])
