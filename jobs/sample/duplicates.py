"""Planted exact and near-duplicates with their similarities."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace

from jobs.sample.captures import Capture, capture
from jobs.sample.draw import Draw
from jobs.sample.pages import Block, Page, Site, Writer, long_page
from jobs.sample.prose import vocabulary

SHINGLE = 13  # words, as RedPajama-V2's MinHash
TARGETS = (0.95, 0.92, 0.92, 0.85, 0.85, 0.5, 0.5)
"""Target similarity of each near-copy of a language."""


@dataclass(frozen=True)
class Pair:
    """Two captures and their similarity.

    Attributes
    ----------
    kind
        `exact` (same bytes), `near` (a few words differ), `form` (the same page in WARC and ARC or
        WET) or `apart` (similar, but below the threshold of a duplicate).
    similarity
        Jaccard similarity of the sets of word 13-grams, without the boilerplate of the site.
    """

    kind: str
    first: Capture
    second: Capture
    similarity: float


def shingles(text: str) -> set[tuple[str, ...]]:
    """Return the word 13-grams of a text in lower case, without punctuation."""
    words = re.findall(r"\w+", text.lower())
    return set(zip(*(words[start:] for start in range(SHINGLE)), strict=False))


def jaccard(first: str, second: str) -> float:
    """Return the Jaccard similarity of two texts' word 13-grams; 0 if both are too short."""
    first_shingles, second_shingles = shingles(first), shingles(second)
    union = first_shingles | second_shingles
    return len(first_shingles & second_shingles) / len(union) if union else 0.0


def changes_for(words: int, target: float) -> int:
    """Return the number of words to replace for a Jaccard similarity of `target`.

    A replaced word changes up to 13 of each side's M 13-grams. With k of them, far enough apart,
    J = (M - 13 k) / (M + 13 k), hence k = M (1 - J) / (13 (1 + J)).
    """
    return max(1, round((words - SHINGLE) * (1 - target) / (SHINGLE * (1 + target))))


def altered(page: Page, changes: int, draw: Draw, shift: float = 0.5) -> Page:
    """Return a copy of a page with `changes` single words replaced, at least one per paragraph.

    No line of the copy is therefore equal to one of the original. The replaced words are spread
    evenly over a paragraph; `shift`, from 0 to 1, moves them by that part of their distance.
    """
    count = len(page.blocks)
    paragraphs = [block.lines[0].split(" ") for block in page.blocks]
    for number, words in enumerate(paragraphs):
        share = changes // count + (number < changes % count)
        for change in range(share):
            index = int((change + shift) * len(words) / share)
            words[index] = other_word(words[index], page.site.language, draw)
    blocks = tuple(Block("paragraph", (" ".join(words),)) for words in paragraphs)
    return replace(page, blocks=blocks)


def other_word(word: str, language: str, draw: Draw) -> str:
    """Return another word of the language with the punctuation of `word`."""
    core = word.strip(".,;:!?()«»„“\"'")
    choices = [choice for choice in vocabulary(language) if choice != core.lower()]
    return word.replace(core, draw.pick(choices)) if core else draw.pick(choices)


def near_pairs(site: Site, seed: int) -> list[Pair]:
    """Return the pairs of near-copies of one site, the original first.

    The second page also has a copy of its copy: a chain whose ends are less similar than its links.
    """
    pairs = []
    for index, target in enumerate(TARGETS):
        draw = Draw("near", seed, site.host, index)
        title, blocks = long_page(Writer(site.language, draw))
        lines = [block.lines[0] for block in blocks]
        changes = changes_for(len(" ".join(lines).split(" ")), target)
        # at most as many paragraphs as changes
        parts, count = min(len(lines), changes), len(lines)
        bounds = [count * part // parts for part in range(parts + 1)]
        body = tuple(
            Block("paragraph", (" ".join(lines[start:end]),))
            for start, end in itertools.pairwise(bounds)
        )
        page = Page(site, f"long-{index}.html", title, body)
        editions = [page, altered(page, changes, draw)]
        if index == 1:
            editions.append(altered(editions[1], changes, draw, shift=0.25))
        kind = "near" if target >= 0.8 else "apart"
        captures = [
            capture(replace(edition, path=f"long-{index}-edition-{number}.html"), kind=name)
            for number, (edition, name) in enumerate(
                zip(editions, ["original", *[f"{kind}-copy"] * 2], strict=False), start=1
            )
        ]
        for first, second in itertools.combinations(captures, 2):
            similarity = jaccard(first.text, second.text)
            pairs.append(Pair(kind, first, second, round(similarity, 4)))
    return pairs


def exact_copies(originals: list[Capture]) -> list[Pair]:
    """Return pairs of captures and their exact copies under other URLs or in a later crawl."""
    pairs = []
    for index, original in enumerate(originals):
        url = (
            original.url + "?print=1",
            original.url.replace("://", "://mirror.", 1),
            original.url,
        )[index % 3]
        copy = replace(original, url=url, kind="exact-copy")
        pairs.append(Pair("exact", original, copy, 1.0))
    return pairs
