"""Extract the text of a Stack Exchange post as a reader sees it.

RedPajama-V1's rule (`udfs.extract.post_html`) writes 10<sup>6</sup> as 106, joins the words around a
`<br>`, and loses the numbers of lists. Here such tags become text first; the rest is V1's rule.
"""

from __future__ import annotations

import html as entities
import re

from udfs.extract import post_html, well_nested
from udfs.extract.wikitext_scripts import subscript, superscript

_SCRIPT = re.compile(
    r"<(su[bp])>((?:[^<]|</?(?:em|i|b|strong|code|span)>){1,200}?)</\1>", re.IGNORECASE
)
_INNER_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"<br ?/?>\n?", re.IGNORECASE)
_PARAGRAPH_END = re.compile(r"(</(?:p|h[1-6]|pre|blockquote|div|ul|ol)>)(?=<[a-z])")
_LIST_TAG = re.compile(
    r"<(?:li(?: value=\"(?P<value>-?[0-9]{1,9})\")?(?: [^>]{0,100})?>\s{0,9}(?P<paragraph><p>)?\s{0,9}"
    r"|(?P<end_of_item>/li)>\s{0,9}"
    r"|(?P<ordered>ol)(?: (?:start=\"(?P<start>-?[0-9]{1,9})\"|[^>]{0,100}))?>\s{0,9}"
    r"|(?P<bulleted>ul)(?: [^>]{0,100})?>\s{0,9}|/(?P<end>ol|ul)>)",
    re.IGNORECASE,
)
_CELLS = re.compile(r"</t[dh]>\s{0,99}<t[dh](?: [^>]{0,100})?>", re.IGNORECASE)
_TABLE_TAGS = re.compile(
    r"(?:\s{0,99}</?(?:table|thead|tbody|tfoot|tr|td|th)(?: [^>]{0,100})?>)+\s{0,99}", re.IGNORECASE
)
_MAX_SCRIPTS = 3  # in one another
_MAX_DEPTH = 8  # of lists that are indented


def text(html: str) -> str:
    r"""Return the text of a post.

    List items stand on a line each after `*` or their number, rows of tables on a line each with tabs
    between cells. `<br>` and the end of a paragraph break a line. Digits in `<sup>` and `<sub>` become
    superscript and subscript characters, short exponents follow `^`, short indices `_`; longer ones
    stay as they are. For the rest, and for errors, see `udfs.extract.post_html.text`.

    >>> text("<p>10<sup>6</sup> steps<br>x<sup>n</sup> = y<sub>i</sub></p>")
    '10⁶ steps\nx^n = y_i'
    """
    has_lists = "</li>" in html
    if not has_lists:
        plain = well_nested.text(html, plain=True)  # most posts have no tag that needs more
        if plain is not None:
            return plain
    if "<su" in html:
        for _ in range(_MAX_SCRIPTS):
            html, count = _SCRIPT.subn(_script, html)
            if not count or "<su" not in html:
                break
    if "<br" in html:
        html = _BREAK.sub("\n", html)
    if "</table>" in html:
        html = _TABLE_TAGS.sub("\n", _CELLS.sub("\t", html))
    if has_lists or "<ol" in html:
        html = _with_marks(html)
    if "</p><" in html or "</pre><" in html:
        html = _PARAGRAPH_END.sub(r"\1\n", html)
    return post_html.text(html)


def _script(match: re.Match[str]) -> str:
    """Return a superscript or subscript as text; one with other tags is left as it is."""
    inner = match[2]
    plain = _INNER_TAG.sub("", inner) if "<" in inner else inner
    if "&" in plain:
        plain = entities.unescape(plain)
    plain = plain.strip()
    if match[1].lower() == "sup":
        written = superscript(plain, match.string[max(0, match.start() - 1) : match.start()])
    else:
        written = subscript(plain)
        if len(plain) == 1 and plain.isalpha():
            written = f"_{plain}"
    return inner if written == plain else entities.escape(written, quote=False)


def _with_marks(html: str) -> str:
    """Return HTML with marks and numbers in place of the tags of lists."""
    if "<ol" not in html and "<li " not in html and "</ul></li>" not in html:
        # most posts have plain lists, for which this takes a third of the time
        return html.replace("\n<li>", "<li>").replace("<li>", "\n* ").replace("</li>", "")
    return _LIST_TAG.sub(_Lists().replaced, html)


class _Lists:
    """Replaces the tags of lists, whose items it numbers."""

    def __init__(self) -> None:
        self._next: list[int | None] = []  # the number of the next item of each open list

    def replaced(self, tag: re.Match[str]) -> str:
        """Return the text in place of a tag; `<ul>` and `</ul>` stay, for the nesting of tags."""
        if tag["ordered"]:
            self._next.append(int(tag["start"] or 1))
            return "<ul>"
        if tag["bulleted"]:
            self._next.append(None)
            return "<ul>"
        if tag["end"]:
            if self._next:
                self._next.pop()
            return "</ul>\n"
        if tag["end_of_item"]:
            return ""
        indent = "  " * min(max(0, len(self._next) - 1), _MAX_DEPTH)
        number = self._next[-1] if self._next else None
        if number is None:
            mark = "*"
        else:
            number = int(tag["value"] or number)
            self._next[-1] = number + 1
            mark = f"{number}."
        return f"\n{indent}{mark} {tag['paragraph'] or ''}"
