"""Limit how deep the elements of a page are nested.

At most tags the rules of HTML make a parser look through all open elements, so that its time is quadratic
in their number. Browsers have a limit; pages nest 50 elements, and thousands if an end tag is missing in a
long list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import numpy as np

# fewer tags take a parser a second at worst
_FEW_TAGS = 16_000
_DEEPEST = 512  # as in Chromium
# elements that have no content, or end where the next of their kind starts
_FLAT = frozenset(
    b"area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr "
    b"html head body dd dt li optgroup option p tbody td tfoot th thead tr".split()
)
# what ends a comment, and elements whose content is text
_ENDS = {b"!--": b"-->"} | {
    name: b"</" + name
    for name in b"script style textarea title xmp iframe noembed noframes".split()
}
_TAG = re.compile(rb"<(/?)([a-zA-Z][^\s/>]*|!--)")


def tags(source: bytes) -> int:
    """Return the number of `<` in the source of a page, which is at least that of its tags."""
    return int(np.count_nonzero(np.frombuffer(source, np.uint8) == ord("<")))


def limited(source: bytes) -> bytes:
    """Return the source of a page in UTF-8 without the start tags of elements that are nested too deep."""
    if tags(source) <= _FEW_TAGS:
        return source
    kept, start = [], 0
    for position in _too_deep(source):
        kept.append(source[start:position])
        start = source.find(b">", position) + 1 or len(source)
    return b"".join([*kept, source[start:]]) if kept else source


def _too_deep(source: bytes) -> Iterator[int]:
    """Yield where the start tags are that would be too deep."""
    open_names: list[bytes] = []
    counts: Counter[bytes] = Counter()
    resume = 0
    for tag in _TAG.finditer(source):
        is_end, name = tag.groups()
        if name in _FLAT or tag.start() < resume:
            continue
        name = name.lower()
        if is_end:
            if counts[name]:
                while (last := open_names.pop()) != name:
                    counts[last] -= 1
                counts[name] -= 1
        elif name in _ENDS:
            end = _ENDS[name]
            resume = source.find(end, tag.end())
            if resume < 0:
                resume = source.find(end.upper(), tag.end())
            if resume < 0:
                return
        elif name not in _FLAT:
            if len(open_names) < _DEEPEST:
                open_names.append(name)
                counts[name] += 1
            else:
                yield tag.start()
