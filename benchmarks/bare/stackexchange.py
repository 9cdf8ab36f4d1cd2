"""Stack Exchange: lxml for each line, and lxml or BeautifulSoup (as in RedPajama-V1) for a post's text.

`python benchmarks/bare/stackexchange.py POSTS.XML...` compares the two.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bs4 import BeautifulSoup
from lxml import etree

_HTML = etree.HTMLParser(encoding="utf-8")


def with_lxml(html: str) -> str:
    """Return the text of HTML, extracted by lxml."""
    return "".join(map(str, etree.fromstring(html.encode(), _HTML).itertext()))


def with_beautiful_soup(html: str) -> str:
    """Return the text of HTML, extracted by BeautifulSoup as in RedPajama-V1."""
    return BeautifulSoup(html, "lxml").get_text()


def bare(paths: Sequence[Path], text: Callable[[str], str] = with_lxml) -> int:
    """Return the number of characters of the posts in Posts.xml files."""
    characters = 0
    for path in paths:
        with path.open("rb") as stream:
            for line in stream:
                if not line.lstrip().startswith(b"<row"):
                    continue
                row = etree.fromstring(line)
                body = row.get("Body")
                if row.get("PostTypeId") not in ("1", "2") or not body:
                    continue
                body = body.replace("<li>", "\n*").replace("</li>", "")
                characters += len(text(body.replace("<ol>", "\n*").replace("</ol>", "")))
    return characters


def main() -> None:
    """Print the CPU time of each extractor, three times in turn."""
    paths = [Path(name) for name in sys.argv[1:]]
    for _ in range(3):
        for text in (with_lxml, with_beautiful_soup):
            before = time.process_time()
            characters = bare(paths, text)
            seconds = time.process_time() - before
            print(f"{text.__name__}: {seconds:.2f} s, {characters:,} characters")


if __name__ == "__main__":
    main()
