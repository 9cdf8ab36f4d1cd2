"""The roles that the tags of a page have when it is read."""

from __future__ import annotations

import re

# Roles of tags in the reading of a page. The starts of block-level elements:
BLOCK, ITEM, CELL, ROW, TABLE, PRE, BUTTON = range(7)
# their ends
END, END_ROW, END_TABLE, END_CELL, END_PRE = range(7, 12)
# other elements; INLINE stands for unknown ones too, UNSEEN for those with attributes that hide them
LINK, END_LINK, INLINE, UNSEEN, NOTHING = range(12, 17)
# what is rarer: line breaks, rules, what is not read, formulas, and inside `pre` lines and spans
LINE, RULE, DROP, RAW, FALLBACK, TEX, END_TEX, PRE_LINE, END_PRE_LINE, PRE_SPAN, BREAK = range(
    17, 28
)
INLINE_CODE, END_INLINE_CODE = range(28, 30)
IMAGE, VERBATIM, SITE = range(30, 33)

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
    "img": IMAGE,
    "xmp": VERBATIM,
    "plaintext": VERBATIM,
    "tex": TEX,
    "/tex": END_TEX,
    "tr": ROW,
    "/tr": END_ROW,
    "table": TABLE,
    "/table": END_TABLE,
    "pre": PRE,
    "/pre": END_PRE,
}
# Navigation, footers and sidebars are on every page of a site: one block of a thousand of the content of
# annotated pages is in them, and they have a third of the tags.
OF_SITE = dict.fromkeys(("nav", "footer"), SITE)
# ARIA's roles and whole names of classes that stand for these elements (Bootstrap, WordPress and others);
# a name such as `no-sidebar` is another one
_SIGNS_OF_SITE = ("nav", "foot", "sidebar", "menu", "widget-area", "contentinfo")
_SITE_NAMES = re.compile(
    r'(?:^| )(?:role="(?:navigation|contentinfo)"|(?:class|id)="(?:[^"]*\s)?(?:nav|navbar|navbar-nav'
    r"|navigation|main-navigation|main-menu|nav-menu|sub-menu|dropdown-menu|menu-item|footer|site-footer"
    r'|sidebar|widget-area)["\s])'
)
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


def is_of_site(attributes: str) -> bool:
    """Return whether the attributes of a block-level element are those of navigation, footers or sidebars."""
    for sign in _SIGNS_OF_SITE:
        if sign in attributes:
            return _SITE_NAMES.search(attributes) is not None
    return False


# elements within a line that a reader does not see, or sees as a picture: hidden ones, what only screen
# readers say, MediaWiki's links to an editor, names of icons
_UNSEEN = re.compile(
    r"display:\s*none|editsection"
    r"|class=\"(?:[^\"]*\s)?(?:sr-only|screen-reader-text|visually-?hidden|material-icons|material-symbols)\b"
)


def is_unseen(attributes: str) -> bool:
    """Return whether the attributes of an element within a line say that it is no text of the page."""
    return _UNSEEN.search(attributes) is not None


# what generators of code's pages call the numbers of lines
_LINE_NUMBER = re.compile(
    r'class="[^"]*\b(?:line-?no|line-?nos|line-?numbers?|lnt?|linenumber-?\w*|hljs-ln-numbers)[\s"]'
)
_COPY_BUTTON = re.compile(r"copy|clipboard", re.IGNORECASE)


def is_line_number(attributes: str) -> bool:
    """Return whether the attributes of an element in code say that it is the number of a line."""
    return _LINE_NUMBER.search(attributes) is not None


def is_copy_button(attributes: str) -> bool:
    """Return whether the attributes of a button say that it copies code."""
    return _COPY_BUTTON.search(attributes) is not None
