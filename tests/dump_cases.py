"""What the cases of dumps expect, read from their files `expected.txt`."""

from __future__ import annotations

import re
from pathlib import Path

_EXPECTED = re.compile(r"^--- (\d+) expected\n(.*?)^--- \1 got ", re.MULTILINE | re.DOTALL)


def expected(folder: Path) -> list[str]:
    """Return the right texts of a case, in the order of its inputs."""
    content = (folder / "expected.txt").read_text(encoding="utf-8")
    return [match[2] for match in _EXPECTED.finditer(content)]


def words(text: str) -> str:
    """Return a text with one blank for all white space."""
    return " ".join(text.split())
