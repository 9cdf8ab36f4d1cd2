"""Make the text of a block from its parts."""

from __future__ import annotations

from collections.abc import Sequence

LINE_BREAK = "\0"  # no text of a page has a NUL


def folded(parts: Sequence[str], *, in_pre: bool) -> str:
    """Return the text of a block, unescaped, without white space that a page does not show.

    Parameters
    ----------
    parts
        What stands between the tags in it, and `LINE_BREAK`s.
    in_pre
        Whether white space is shown; lines lose theirs at the end.
    """
    text = parts[0] if len(parts) == 1 else "".join(parts)
    if "&" in text:
        text = (
            text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&nbsp;", "\xa0")
            .replace("&amp;", "&")
        )
    if in_pre:
        text = text.replace("\xa0", " ").replace(LINE_BREAK, "\n")
        return "\n".join([line.rstrip() for line in text.split("\n")]).strip("\n")
    text = text.strip()
    # all white space but blanks is not printable; most text needs no folding
    if "  " in text or not text.isprintable():
        text = " ".join(text.split())
        if LINE_BREAK in text:
            lines = [line.strip() for line in text.split(LINE_BREAK)]
            text = "\n".join(filter(None, lines))
    return text
