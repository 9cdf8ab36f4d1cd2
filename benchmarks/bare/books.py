"""Project Gutenberg's books: resiliparse's guess of the encoding, and a pattern for the markers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from resiliparse.parse.encoding import bytes_to_str, detect_encoding

MARKERS = re.compile(
    r"\*\*\* ?START OF TH(?:E|IS) PROJECT GUTENBERG[^\n]*\n(.*?)"
    r"\*\*\* ?END OF TH(?:E|IS) PROJECT GUTENBERG",
    re.DOTALL,
)


def bare(paths: Sequence[Path]) -> int:
    """Return the characters of the books in some text files."""
    characters = 0
    for path in paths:
        content = path.read_bytes()
        text = bytes_to_str(content, detect_encoding(content))
        found = MARKERS.search(text)
        characters += len(found[1] if found else text)
    return characters
