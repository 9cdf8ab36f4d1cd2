"""Limit how deep the elements of a page are nested.

At most tags the rules of HTML make a parser look through all open elements, so that its time is quadratic
in their number. Browsers have a limit; pages nest 50 elements, and thousands if an end tag is missing in a
long list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

# fewer tags take a parser a second at worst
_FEW_TAGS = 16_000
_DEEPEST = 512  # as in Chromium
# elements that have no content, or end where the next of their kind starts
_FLAT = frozenset(
    {
        *(
            "area",
            "base",
            "basefont",
            "bgsound",
            "br",
            "col",
            "embed",
            "frame",
            "hr",
            "img",
            "input",
        ),
        *("keygen", "link", "meta", "param", "source", "track", "wbr", "html", "head", "body"),
        *("dd", "dt", "li", "optgroup", "option", "p", "tbody", "td", "tfoot", "th", "thead", "tr"),
    }
)
# what ends a comment, and elements whose content is text
_ENDS = {"!--": "-->"} | {
    name: f"</{name}"
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
}
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*|!--)")


def limited(html: str) -> str:
    """Return the source of a page without the start tags of elements that are nested too deep."""
    if html.count("<") <= _FEW_TAGS:
        return html
    kept, start = [], 0
    for position in _too_deep(html):
        kept.append(html[start:position])
        start = html.find(">", position) + 1 or len(html)
    return "".join([*kept, html[start:]]) if kept else html


def _too_deep(html: str) -> Iterator[int]:
    """Yield where the start tags are that would be too deep."""
    open_names: list[str] = []
    counts: Counter[str] = Counter()
    resume = 0
    for tag in _TAG.finditer(html):
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
            resume = html.find(end, tag.end())
            if resume < 0:
                resume = html.find(end.upper(), tag.end())
            if resume < 0:
                return
        elif name not in _FLAT:
            if len(open_names) < _DEEPEST:
                open_names.append(name)
                counts[name] += 1
            else:
                yield tag.start()
