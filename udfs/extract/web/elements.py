"""What the tags of a page say: the kind of each element and the evidence in its attributes."""

from __future__ import annotations

import re
from functools import lru_cache

from udfs.extract.web.class_words import groups

# roles of tags in the reading of a page
INLINE, BLOCK, VOID, LINE, LINK, DROP, START_ITEM, CELL, PRE, ROW, END = range(11)

_BLOCKS = (
    "address article aside button blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup html legend main menu nav "
    "noscript ol optgroup p search section summary table tbody tfoot thead tr ul label"
).split()
_VOID = "area base basefont bgsound col embed frame img input keygen link meta param source track wbr hr".split()
_DROP = "rp rt rtc select option datalist textarea audio video canvas object iframe noembed noframes script style template svg map applet math title head progress meter".split()

STRUCTURE = (
    "header footer nav aside main article section form figure figcaption blockquote table ul ol dl pre "
    "address label noscript details dialog hidden aria-hidden articleBody banner-role code button-like"
).split()
BITS = {name: 1 << bit for bit, name in enumerate(STRUCTURE)}
BITS["button"] = BITS["button-like"]

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
KINDS = "other p h1 h2 h3 h4 h5 h6 li td th dt dd pre blockquote figcaption caption summary label legend address".split()
KIND = {name: number for number, name in enumerate(KINDS)}
ROLES = {
    **dict.fromkeys(_BLOCKS, BLOCK),
    **dict.fromkeys(_VOID, VOID),
    **dict.fromkeys(_DROP, DROP),
    "br": LINE,
    "button": BLOCK,
    "a": LINK,
    "li": START_ITEM,
    "td": CELL,
    "th": CELL,
    "pre": PRE,
    "listing": PRE,
    "xmp": PRE,
    "plaintext": PRE,
    "tr": ROW,
}
_ROLE_BITS = {
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
_ROLE_BITS = {role: BITS[name] for role, name in _ROLE_BITS.items()}


def role_of(name: str) -> int:
    """Return the role of the elements of a name."""
    return ROLES.get(name, INLINE)


_NAMING = frozenset({"class=", "id=", "role=", "itemprop="})


@lru_cache(maxsize=1 << 14)
def evidence(attributes: str) -> tuple[int, int]:
    """Return the groups of the words in a tag's attributes, and what else they say, a bit for each."""
    if attributes.startswith('class="') and attributes.count('"') == 2:  # most often
        return groups(attributes[7:-1]), 0
    words = structure = 0
    pieces = attributes.split('"')  # serialised attributes have no other quotes
    for name, value in zip(pieces[::2], pieces[1::2]):
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
