"""The roles that the tags of a page have when it is read."""

from __future__ import annotations

import re

# Roles of tags in the reading of a page. The starts of block-level elements:
BLOCK, ITEM, CELL, ROW, TABLE, PRE, BUTTON = range(7)
# their ends
END, END_ROW, END_TABLE, END_CELL, END_PRE = range(7, 12)
# other elements; INLINE stands for unknown ones too, UNSEEN for those with attributes that hide them
LINK, END_LINK, INLINE, UNSEEN, NOTHING = range(12, 17)
# what is rare: line breaks, rules, what is not read, formulas, and inside `pre` lines and spans
LINE, RULE, DROP, RAW, FALLBACK, TEX, END_TEX, PRE_LINE, END_PRE_LINE, PRE_SPAN, BREAK = range(
    17, 28
)
INLINE_CODE, END_INLINE_CODE = range(28, 30)

_BLOCKS = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "html",
    "legend",
    "main",
    "menu",
    "nav",
    "ol",
    "optgroup",
    "p",
    "search",
    "section",
    "summary",
    "tbody",
    "tfoot",
    "thead",
    "ul",
    "label",
]
_STARTS = {"li": ITEM, "td": CELL, "th": CELL, "listing": PRE, "button": BUTTON}
_ENDS = {"li": END, "td": END, "th": END, "listing": END_PRE, "button": END}
_INLINE = [
    "abbr",
    "acronym",
    "b",
    "bdi",
    "bdo",
    "big",
    "blink",
    "cite",
    "code",
    "data",
    "del",
    "dfn",
    "em",
    "font",
    "i",
    "ins",
    "kbd",
    "map",
    "mark",
    "marquee",
    "nobr",
    "output",
    "picture",
    "q",
    "rb",
    "ruby",
    "s",
    "samp",
    "slot",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "time",
    "tt",
    "u",
    "var",
]
_VOID = [
    "area",
    "base",
    "basefont",
    "bgsound",
    "col",
    "colgroup",
    "embed",
    "frame",
    "img",
    "input",
    "keygen",
    "link",
    "meta",
    "param",
    "source",
    "track",
    "wbr",
]
# what no reader of a page sees, and readings of ruby
_DROP = [
    "rp",
    "rt",
    "rtc",
    "select",
    "option",
    "datalist",
    "textarea",
    "script",
    "svg",
    "math",
    "template",
    "title",
    "head",
    "progress",
    "meter",
]
# the same; the parser takes their content for text
_RAW = ["style", "iframe", "noembed", "noframes", "noscript"]
# what shows its content where a browser cannot show the thing itself
_FALLBACK = ["object", "canvas", "video", "audio", "applet"]
ROLES: dict[str, int] = {
    **dict.fromkeys(_BLOCKS, BLOCK),
    **{f"/{name}": END for name in _BLOCKS},
    **dict.fromkeys(_INLINE, INLINE),
    **{f"/{name}": NOTHING for name in _INLINE},
    **dict.fromkeys(_VOID, NOTHING),
    **dict.fromkeys(_DROP, DROP),
    **dict.fromkeys(_RAW, RAW),
    **dict.fromkeys(_FALLBACK, FALLBACK),
    **_STARTS,
    **{f"/{name}": role for name, role in _ENDS.items()},
    "!": NOTHING,
    "a": LINK,
    "/a": END_LINK,
    "br": LINE,
    "hr": RULE,
    "tex": TEX,
    "/tex": END_TEX,
    "tr": ROW,
    "/tr": END_ROW,
    "table": TABLE,
    "/table": END_TABLE,
    "pre": PRE,
    "/pre": END_PRE,
}
# if most of the page's text is in such elements, it is in one that was not closed: they are read as blocks
FALLBACKS = {
    name: role
    for tag in (*_FALLBACK, "noscript")
    for name, role in ((tag, BLOCK), (f"/{tag}", END))
}
# where code within a line is marked
OF_CODE = {
    tag: role
    for name in ("code", "kbd", "samp", "tt")
    for tag, role in ((name, INLINE_CODE), (f"/{name}", END_INLINE_CODE))
}
# the roles of tags in the rest of a page that has very many elements: the borders of elements are line breaks
OF_REST = ROLES | {
    tag: BREAK for tag, role in ROLES.items() if role <= END_PRE or role in (LINE, RULE)
}
# the roles of tags within `pre`, where they are others: a division is a line, a button copies the code
OF_PRE = {
    "button": DROP,
    "div": PRE_LINE,
    "/div": END_PRE_LINE,
    "/td": END_CELL,
    **dict.fromkeys(_INLINE, PRE_SPAN),
    **dict.fromkeys([f"/{name}" for name in _INLINE], NOTHING),
}
# elements within a line that a reader does not see, or sees as a picture: hidden ones, what only screen
# readers say, MediaWiki's links to an editor, names of icons
_UNSEEN = re.compile(
    r"display:\s*none|editsection"
    r"|class=\"(?:[^\"]*\s)?(?:sr-only|screen-reader-text|visually-?hidden|material-icons|material-symbols)\b"
)


def is_unseen(attributes: str) -> bool:
    """Whether the attributes of an element within a line say that it is no text of the page."""
    return _UNSEEN.search(attributes) is not None
