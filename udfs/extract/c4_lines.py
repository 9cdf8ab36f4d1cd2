"""What C4's lines hold, many lines at once where nothing is odd about any of them."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any, NamedTuple

import orjson

_PUBLISHED = itemgetter("text", "url", "timestamp")


class Pages(NamedTuple):
    """Columns of pages: texts in UTF-8 and their lengths in code points, and what is told of them."""

    contents: Sequence[bytes]
    lengths: Sequence[int]
    urls: Sequence[str | None]
    timestamps: Sequence[str | None]
    languages: Sequence[str | None]


def plain_pages(lines: Sequence[bytes | None]) -> Pages | None:
    """Return what `fields` gives for each of some lines, in less time; None unless all are plain.

    A plain line is a JSON object in C4's own form, with a text that is not blank, and has no NUL in
    what is kept of it. A line that is not plain costs those beside it their time, nothing else.
    """
    try:
        records = [*map(orjson.loads, lines)]  # type: ignore[arg-type]
        texts, told = _columns(records)
        if any(map(str.isspace, texts)):
            return None
        contents = [*map(str.encode, texts)]
        rest = ["".join(filter(None, values)) for values in told]
    except (ValueError, TypeError, KeyError):
        return None  # no JSON, no object, no text, or something else where text should be
    if not all(contents) or "\0" in "".join(rest) or any(b"\0" in each for each in contents):
        return None
    return Pages(contents, [*map(len, texts)], *told)


def _columns(records: Sequence[Any]) -> tuple[Sequence[str], list[Sequence[str | None]]]:
    """Return the texts, and URLs, timestamps and languages; KeyError where a record is not plain."""
    if {*map(len, records)} == {3}:  # as published: these three alone
        texts, urls, timestamps = zip(*map(_PUBLISHED, records), strict=True)
        languages: Sequence[str | None] = (None,) * len(texts)
        return texts, [*map(_known, (urls, timestamps)), languages]
    held = [record["text"] for record in records]
    if any("meta" in record for record in records):
        raise KeyError("meta")
    names = ("url", "timestamp", "language")
    return held, [_known([record.get(name) for record in records]) for name in names]


def _known(values: Sequence[str | None]) -> Sequence[str | None]:
    return values if all(values) else [value or None for value in values]
