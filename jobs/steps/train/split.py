"""Hold pages out of a training file: by site where their addresses allow it, else by text.

Pages of one site share words that no other page has, so that a classifier knows them again. A site is on
one side, whatever its classes.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from udfs.addresses.suffixes import site_of
from udfs.keyed_hash import is_held_out
from udfs.models.fasttext_marks import without_marks

SITE, TEXT = "site", "text"
_FACTOR = 3.0
_SITES = 5


@dataclass
class Split:
    """Pages of a training file and those held out of it.

    Attributes
    ----------
    by
        By label, `site` or `text`.
    trained
        By label, the number of lines of the training file.
    held_out
        By label, the texts.
    """

    by: dict[str, str]
    trained: Counter[str] = field(default_factory=Counter)
    held_out: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def split(
    pages: Iterable[tuple[str, str, str | None]], file: Path, *, seed: int, share: float
) -> Split:
    """Write the training file in the order of the pages, which are read once; return the split.

    A label is held out by site if that holds out five sites at least, and a third to three times the wanted
    share of its pages.

    Parameters
    ----------
    pages
        Label, text without line ends, and address of each page.
    file
        The file to write: a label and a text a line, as fastText reads it.
    share
        Share of the pages to hold out.
    """
    pending = file.with_name(file.name + ".pages")
    sites: defaultdict[str, Counter[str | None]] = defaultdict(Counter)
    with pending.open("w", encoding="utf-8") as out:
        for label, text, url in pages:
            site = _site(url)
            sites[label][site] += 1
            out.write(json.dumps([label, text, site]) + "\n")
    result = Split({label: _by(counts, seed, share) for label, counts in sites.items()})
    with file.open("w", encoding="utf-8", newline="\n") as out:
        for label, text, site in _lines(pending):
            by_site = result.by[label] == SITE and site is not None
            if is_held_out(seed, site if by_site and site else text, share):
                result.held_out[label].append(text)
                continue
            # a page about fastText must neither add a label nor end the line
            out.write(f"{label} {without_marks(text)}\n")
            result.trained[label] += 1
    pending.unlink()
    return result


def _lines(file: Path) -> Iterator[tuple[str, str, str | None]]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            label, text, site = json.loads(line)
            yield label, text, site


def _site(url: str | None) -> str | None:
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return site_of(host) if host else None


def _by(sites: Counter[str | None], seed: int, share: float) -> str:
    held_out = [n for site, n in sites.items() if site and is_held_out(seed, site, share)]
    held_share = sum(held_out) / sites.total()
    is_near = share / _FACTOR <= held_share <= share * _FACTOR
    return SITE if len(held_out) >= _SITES and is_near else TEXT
