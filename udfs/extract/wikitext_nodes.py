"""Read single nodes of parsed wikitext: formulas, character references, attributes, values."""

from __future__ import annotations

import html
import re
from typing import Any

NOT_CHARACTERS = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")
"""Control characters other than tab and line feed, and lone surrogates."""

# blanks in a formula, and the marks in it that would be read as a template, link, table or italics
_TEX_SPACE = re.compile(r"\\[,;:!](?=.)")
_PRIMES = re.compile(r"'{2,}")
_MARKS_IN_TEX = re.compile(r"(\{(?=[{|])|\}(?=\})|\[(?=\[)|\](?=\])|\|(?=\}))")


def formula(source: str) -> str:
    r"""Return a formula between dollar signs, in one line and without marks of wikitext.

    >>> formula(r"f''(x) = {{a}}")
    '$f^{\\prime\\prime}(x) = { {a} }$'
    """
    tex = _TEX_SPACE.sub(" ", html.unescape(source))
    tex = _PRIMES.sub(lambda match: "^{" + r"\prime" * len(match[0]) + "}", tex)
    tex = _MARKS_IN_TEX.sub(r"\1 ", " ".join(tex.split()))
    return f"${tex}$" if tex else ""


def character(node: Any) -> str:
    """Return the character of a reference such as `&eacute;`; empty if it has none."""
    try:
        text: str = node.normalize()
    except (ValueError, OverflowError, KeyError):
        return ""
    # a blank that is written as a reference is one that template values keep
    return "\u00a0" if text == " " else NOT_CHARACTERS.sub("", text)


def attribute(node: Any, name: str) -> str | None:
    """Return the value of a tag's attribute; None if it has none of that name."""
    for item in node.attributes:
        if str(item.name).strip().lower() == name:
            return str(item.value or "").strip()
    return None


def is_hidden(node: Any) -> bool:
    """Return whether the style attribute of a tag hides it."""
    return "display:none" in (attribute(node, "style") or "").replace(" ", "").lower()
