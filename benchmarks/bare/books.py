"""Project Gutenberg's books: resiliparse's encoding detection and a pattern for the markers."""

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
    """Return the number of characters of the books in text files."""
    characters = 0
    for path in paths:
        content = path.read_bytes()
        text = bytes_to_str(content, detect_encoding(content) or "utf-8")
        match = MARKERS.search(text)
        characters += len(match[1] if match else text)
    return characters
