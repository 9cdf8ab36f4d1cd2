"""Build HTML and SVG; text from data is escaped, markup is not escaped again."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from markupsafe import Markup, escape

_VOID = {"br", "input", "link", "meta"}
# characters that HTML does not allow, and surrogates, which UTF-8 does not
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def escaped(value: object) -> Markup:
    """Return a value as markup, also for attributes; characters that HTML forbids become U+FFFD."""
    if isinstance(value, Markup):
        return value
    return escape(_ILLEGAL.sub("\ufffd", str(value)))


def tag(name: str, /, *children: object, **attributes: object) -> Markup:
    """Return an element.

    Parameters
    ----------
    children
        Text, which is escaped, or `Markup`; None is skipped.
    attributes
        `class_` is class, `stroke_width` stroke-width; None is skipped.

    Examples
    --------
    >>> print(tag("p", "1 < 2", class_="note"))
    <p class="note">1 &lt; 2</p>
    """
    shown = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escaped(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Markup(f"<{name}{shown} />")
    return Markup(f"<{name}{shown}>{joined(children)}</{name}>")


def joined(parts: Iterable[object], separator: str = "") -> Markup:
    """Return the parts as markup, text escaped; None is skipped."""
    return Markup(separator).join(escaped(part) for part in parts if part is not None)


def code(value: object) -> Markup:
    """Return an id or a command, isolated from the writing direction of the text around it."""
    return tag("code", tag("bdi", value))


def table(
    caption: str,
    head: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    text: Collection[int] = (0,),
) -> Markup:
    """Return a table, whose first column holds the row headers; a wide table scrolls by itself.

    Parameters
    ----------
    head
        Names of the columns.
    rows
        Cells: integers get thousands separators, other values are text or `Markup`; None is empty.
    text
        Indices of columns of text; the others are numbers, aligned to the right.
    """
    align = [None if i in text else "n" for i in range(len(head))]
    header = [
        tag("th", name, scope="col", class_=class_)
        for name, class_ in zip(head, align, strict=True)
    ]
    body = [
        tag(
            "tr",
            *(
                tag("td" if i else "th", shown(cell), scope=None if i else "row", class_=align[i])
                for i, cell in enumerate(row)
            ),
        )
        for row in rows
    ]
    element = tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", *header)),
        tag("tbody", joined(body, "\n")),
    )
    # focusable, so that the keyboard scrolls it too
    return tag("div", element, class_="scroll", role="region", aria_label=caption, tabindex="0")


def shown(value: object) -> object:
    """Return an integer with thousands separators; other values unchanged."""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else value


def percent(part: float, whole: float = 1.0, digits: int = 1) -> str:
    """Return a share in percent, with a no-break space; a dash if the whole is 0."""
    return f"{100 * part / whole:.{digits}f}\N{NO-BREAK SPACE}%" if whole else "–"


def number(value: float | None) -> str:
    """Return a similarity with three decimals; a dash for None."""
    return "–" if value is None else f"{value:.3f}"


def details(summary: str, *children: object) -> Markup:
    """Return content that is hidden until the reader opens it."""
    return tag("details", tag("summary", summary), *children)
