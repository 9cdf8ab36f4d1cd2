"""What the tags of a page say: the kind of each element and the evidence in its attributes."""

from __future__ import annotations

import re

from udfs.extract.web.class_words import groups

STRUCTURE = [
    "header",
    "footer",
    "nav",
    "aside",
    "main",
    "article",
    "section",
    "form",
    "figure",
    "figcaption",
    "blockquote",
    "table",
    "ul",
    "ol",
    "dl",
    "pre",
    "address",
    "label",
    "noscript",
    "details",
    "dialog",
    "hidden",
    "aria-hidden",
    "articleBody",
    "banner-role",
    "code",
    "button-like",
]
BITS = {name: 1 << bit for bit, name in enumerate(STRUCTURE)}
BITS["button"] = BITS["button-like"]

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
KINDS = [
    "other",
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "td",
    "th",
    "dt",
    "dd",
    "pre",
    "blockquote",
    "figcaption",
    "caption",
    "summary",
    "label",
    "legend",
    "address",
]
KIND = {name: number for number, name in enumerate(KINDS)}
_BY_ROLE = {
    "navigation": "nav",
    "banner": "header",
    "contentinfo": "footer",
    "main": "main",
    "article": "article",
    "complementary": "aside",
    "search": "form",
    "form": "form",
    "button": "button-like",
    "dialog": "dialog",
    "alertdialog": "dialog",
}
_ROLE_BITS = {role: BITS[name] for role, name in _BY_ROLE.items()}


_NAMING = frozenset({"class=", "id=", "role=", "itemprop="})


def evidence(attributes: str) -> tuple[int, int]:
    """Return the groups of the words in a tag's attributes, and what else they say, a bit for each."""
    if attributes.startswith('class="') and attributes.count('"') == 2:  # most often
        return groups(attributes[7:-1]), 0
    words = structure = 0
    pieces = attributes.split('"')  # serialised attributes have no other quotes
    for name, value in zip(pieces[::2], pieces[1::2], strict=False):
        name = name.lstrip()
        if name in _NAMING:
            words |= groups(value)
            if name == "role=":
                structure |= _ROLE_BITS.get(value, 0)
            elif name == "itemprop=" and "articleBody" in value:
                structure |= BITS["articleBody"]
        elif name == "style=":
            if _HIDDEN_STYLE.search(value):
                structure |= BITS["hidden"]
        elif name == "hidden=":
            structure |= BITS["hidden"]
        elif name == "aria-hidden=" and value == "true":
            structure |= BITS["aria-hidden"]
    return words, structure
