"""Which blocks of the annotated pages are content.

The annotated pages are in a folder of their own and not part of the project; see `evaluate.py` there. Of the
news pages the whole body of the article is known. Of the others only some strings are known; what else is
content was marked by readers, block by block, and is in `labels.json.xz`: for each page the checksums of the
lines that are content. The strings have precedence.
"""

from __future__ import annotations

import gzip
import json
import lzma
import re
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from udfs.extract.encoding import decode
from udfs.extract.web import arrays, features, page
from udfs.extract.web.blocks import Blocks

LABELS = Path(__file__).with_name("labels.json.xz")
_WORD = re.compile(r"\w+")
_BREAK = re.compile(r"[\n\t]")
_SHINGLE = 4
_SHORT = 25  # letters; shorter blocks of an article must be near longer ones
_NEAR = 3  # blocks
_UNWANTED_WEIGHT = 2.0


class Page(NamedTuple):
    """An annotated page.

    Attributes
    ----------
    name
        Its file's name.
    features
        (features, blocks), of `udfs.extract.web.features`.
    is_content
        Whether each block is content, 1 or 0.
    weights
        The weight of each block in training.
    """

    name: str
    features: arrays.Floats
    is_content: npt.NDArray[np.float64]
    weights: npt.NDArray[np.float64]


def pages(folder: Path) -> Iterator[Page]:
    """Yield the pages of the folder of annotated pages that have any text."""
    bodies = json.loads((folder / "articles.json").read_text(encoding="utf-8"))
    for name, blocks in _read(folder / "articles.tar"):
        is_content = _of_article(blocks, bodies[name.removesuffix(".html")])
        yield _page(name, blocks, is_content, np.full(len(is_content), 1.5))
    strings = json.loads((folder / "chunks.json").read_text(encoding="utf-8"))
    lines = json.loads(lzma.decompress(LABELS.read_bytes()))
    for name, blocks in _read(folder / "chunks.tar"):
        is_content = _of_lines(blocks, set(lines[name]))
        weights = np.ones(len(is_content))
        texts = [_folded(text) for text in blocks.text]
        for wanted in map(_folded, strings[name]["with"]):
            holders = [number for number, text in enumerate(texts) if wanted in text]
            if not is_content[holders].any():
                is_content[holders] = 1
        for unwanted in map(_folded, strings[name]["without"]):
            holders = [number for number, text in enumerate(texts) if unwanted in text]
            is_content[holders] = 0
            weights[holders] = _UNWANTED_WEIGHT
        yield _page(name, blocks, is_content, weights)


def checksum(line: str) -> int:
    """Return the checksum of a line without its white space."""
    return zlib.crc32("".join(line.split()).encode())


def _read(archive: Path) -> Iterator[tuple[str, Blocks]]:
    with tarfile.open(archive) as tar:
        for member in tar:
            file = tar.extractfile(member)
            assert file is not None
            html, _ = decode(gzip.decompress(file.read()), "text/html")
            blocks = page.read(html)[1]
            if blocks.text:
                yield member.name.removesuffix(".gz"), blocks


def _page(
    name: str, blocks: Blocks, is_content: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]
) -> Page:
    lengths = np.clip([len(text) for text in blocks.text], 5, 1000)
    weights = weights * np.sqrt(lengths / len(lengths))
    return Page(name, features.measure(blocks), is_content, weights)


def _of_article(blocks: Blocks, body: str) -> npt.NDArray[np.float64]:
    words = _WORD.findall(body)
    shingles = set(_shingles(words))
    spaced = f" {' '.join(words)} "
    is_content = np.zeros(len(blocks.text))
    for number, text in enumerate(blocks.text):
        words = _WORD.findall(text)
        if len(words) >= _SHINGLE:
            own = _shingles(words)
            is_content[number] = sum(shingle in shingles for shingle in own) > len(own) / 2
        elif words:
            is_content[number] = f" {' '.join(words)} " in spaced
    is_long = np.array([len(text) >= _SHORT for text in blocks.text])
    anchors = np.flatnonzero((is_content == 1) & is_long)
    for number in np.flatnonzero((is_content == 1) & ~is_long):
        if not len(anchors) or np.abs(anchors - number).min() > _NEAR:
            is_content[number] = 0
    return is_content


def _of_lines(blocks: Blocks, checksums: set[int]) -> npt.NDArray[np.float64]:
    is_content = np.zeros(len(blocks.text))
    for number, text in enumerate(blocks.text):
        lines = _BREAK.split(text)
        known = sum(len(line) for line in lines if checksum(line) in checksums)
        is_content[number] = known >= 0.6 * sum(map(len, lines)) > 0
    return is_content


def _shingles(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)]


def _folded(text: str) -> str:
    return " ".join(text.split())
