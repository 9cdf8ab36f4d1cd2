"""The pages of the documentation: their blocks of code, commands, links and headings."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).parents[2]
PAGES = sorted(
    [
        PROJECT / "README.md",
        PROJECT / "deploy/README.md",
        PROJECT / "deploy/SIZING.md",
        *(PROJECT / "docs").rglob("*.md"),
    ]
)
GENERATED = PROJECT / "docs/cli.md"
WRITTEN = [page for page in PAGES if page != GENERATED]
_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^()\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"")


class Block(NamedTuple):
    """A block of code: its page, the line it begins at, its language and its text."""

    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{name(self.page)}:{self.line}"


def name(page: Path) -> str:
    """Return what a test calls a page."""
    return str(page.relative_to(PROJECT))


def blocks(language: str) -> list[Block]:
    """Return the blocks of a language on all pages that a person writes."""
    found = []
    for page in WRITTEN:
        text = page.read_text(encoding="utf-8")
        for fence in _FENCE.finditer(text):
            if fence[2] == language:
                indent = len(fence[1])
                body = "\n".join(line[indent:] for line in fence[3].splitlines())
                found.append(Block(page, text.count("\n", 0, fence.start()) + 1, language, body))
    return found


def prose(page: Path) -> str:
    """Return a page without its blocks of code."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def commands(block: Block) -> Iterator[list[str]]:
    """Yield the commands of a block of shell, as words, without comments and variables before them."""
    for line in block.text.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        while words and re.fullmatch(r"[A-Z][A-Z0-9_]*=.*", words[0]):
            del words[0]
        if words:
            yield words


def links(page: Path) -> list[str]:
    """Return the addresses of a page's links and pictures."""
    return [first or second for first, second in _LINK.findall(prose(page))]


def anchors(page: Path) -> set[str]:
    """Return what a link may name behind `#`: each heading as GitHub spells it."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    plain = (re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading) for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in plain}
