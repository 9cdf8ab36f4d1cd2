"""Articles of MediaWiki dumps with bz2, lxml's iterparse and mwparserfromhell's `strip_code`."""

from __future__ import annotations

import bz2
from collections.abc import Sequence
from pathlib import Path

import mwparserfromhell
from lxml import etree


def bare(paths: Sequence[Path]) -> int:
    """Return the number of characters of the articles in dumps, without redirects."""
    characters = 0
    for path in paths:
        with bz2.open(path) if path.suffix == ".bz2" else path.open("rb") as stream:
            for _, page in etree.iterparse(stream, tag="{*}page", huge_tree=True):
                article = page.findtext("{*}ns") == "0" and page.find("{*}redirect") is None
                text = page.findtext("{*}revision/{*}text") if article else None
                if text:
                    characters += len(mwparserfromhell.parse(text).strip_code())
                page.clear()
                while page.getprevious() is not None:
                    del page.getparent()[0]
    return characters
