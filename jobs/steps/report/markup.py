"""HTML and SVG as text: what comes from data is escaped unless it was made here."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

_VOID = {"br", "meta"}
# what HTML does not allow, and halves of surrogate pairs, which UTF-8 does not
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def escaped(value: object) -> Html:
    """A value as text that a page can hold, in an attribute too; markup stays as it is."""
    if isinstance(value, Html):
        return value
    return Html(html.escape(_ILLEGAL.sub("\ufffd", str(value))))


def tag(name: str, /, *children: object, **attributes: object) -> Html:
    """An element.

    Parameters
    ----------
    children
        Text, which is escaped, or `Html`; None is left out.
    attributes
        `class_` is class, `stroke_width` stroke-width; None is left out.

    Examples
    --------
    >>> tag("p", "1 < 2", class_="note")
    '<p class="note">1 &lt; 2</p>'
    """
    shown = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escaped(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Html(f"<{name}{shown} />")
    return Html(f"<{name}{shown}>{joined(children)}</{name}>")


def joined(parts: Iterable[object], between: str = "") -> Html:
    """Parts one after another, each escaped; None is left out."""
    return Html(between.join(escaped(part) for part in parts if part is not None))


def code(value: object) -> Html:
    """An id or a command, whose direction of writing does not touch the text around it."""
    return tag("code", tag("bdi", value))


def table(
    caption: str,
    head: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    text: Collection[int] = (0,),
) -> Html:
    """A table whose first cell of a row names the row; it scrolls by itself where it is too wide.

    Parameters
    ----------
    head
        Names of the columns.
    rows
        Cells: whole numbers get their commas, the rest is text or `Html`; None is empty.
    text
        Columns that are not numbers, which stand to the right.
    """
    align = [None if i in text else "n" for i in range(len(head))]
    top = [
        tag("th", name, scope="col", class_=each) for name, each in zip(head, align, strict=True)
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
    made = tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", *top)),
        tag("tbody", joined(body, "\n")),
    )
    # who has no mouse scrolls what has the focus
    return tag("div", made, class_="scroll", role="region", aria_label=caption, tabindex="0")


def shown(value: object) -> object:
    """A whole number with commas; the rest as it is."""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else value


def percent(part: float, whole: float = 1.0, digits: int = 1) -> str:
    """A share; a dash of nothing."""
    return f"{100 * part / whole:.{digits}f} %" if whole else "–"


def number(value: float | None) -> str:
    """A similarity; a dash where there is none."""
    return "–" if value is None else f"{value:.3f}"


def details(summary: str, *children: object) -> Html:
    """What is shown when it is asked for."""
    return tag("details", tag("summary", summary), *children)
