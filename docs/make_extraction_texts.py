"""Write the extracted texts in docs/extraction.md, as the extractors give them.

Usage: python docs/make_extraction_texts.py

A comment such as `<!-- thread.html main plain -->` names page, extractor and markup of the block below it.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

DOCS = Path(__file__).parent
PAGE = DOCS / "extraction.md"
BLOCK = re.compile(
    r"^(<!-- (\S+) (\w+) (\w+) -->\n(`{3,})\w+\n)(?:.*?\n)??(\5)$", re.MULTILINE | re.DOTALL
)


def page() -> str:
    """Return docs/extraction.md with the texts that its pages have now."""
    return BLOCK.sub(_block, PAGE.read_text(encoding="utf-8"))


def _block(block: re.Match[str]) -> str:
    sys.path.insert(0, str(DOCS.parent))
    from udfs.extract.html import extract

    start, name, extractor, markup, _, end = block.groups()
    html = (DOCS / "pages" / name).read_bytes()
    text = extract(html, extractor=extractor, markup=markup).text  # type: ignore[arg-type]
    return f"{start}{text}\n{end}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
