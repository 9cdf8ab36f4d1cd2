"""Read 00README, in which an author tells arXiv which files of an e-print are the paper."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable
from typing import NamedTuple

_NAME = re.compile(r"00readme(?:\.(?:xxx|txt|json|ya?ml))?", re.IGNORECASE)
_MAX_LENGTH = 100_000  # characters
_YAML_ITEM = re.compile(r"^[ \t]{0,20}-[ \t]", re.MULTILINE)
_YAML_FIELD = re.compile(
    r"^[ \t-]{0,20}(filename|usage):[ \t]*[\"']?([^\"'\n#]{1,300})", re.MULTILINE
)
_TOP, _IGNORE = ("toplevelfile", "toplevel"), ("ignore",)


class FileUses(NamedTuple):
    """The names of the files that TeX processes (none: all that look like it), and of those to ignore."""

    top: tuple[str, ...] = ()
    ignored: frozenset[str] = frozenset()


def is_readme(name: str) -> bool:
    """Return whether a file is arXiv's 00README, in the folder of the e-print."""
    return _NAME.fullmatch(name) is not None


def file_uses(texts: Iterable[str]) -> FileUses:
    r"""Return what 00README says of files: lines of name and use, JSON or YAML with `sources`.

    The forms are those of https://info.arxiv.org/help/00README.html. What is neither is ignored.

    >>> file_uses(["main.tex toplevelfile\nold.tex ignore"])
    FileUses(top=('main.tex',), ignored=frozenset({'old.tex'}))
    """
    top: list[str] = []
    ignored: set[str] = set()
    for text in texts:
        for name, use in _pairs(text[:_MAX_LENGTH]):
            name = posixpath.normpath(name.strip())
            if use in _TOP and name not in top:
                top.append(name)
            elif use in _IGNORE:
                ignored.add(name)
    return FileUses(tuple(top), frozenset(ignored))


def _pairs(text: str) -> list[tuple[str, str]]:
    if text.lstrip().startswith("{"):
        return _json_pairs(text)
    if "filename:" in text:
        fields = (dict(_YAML_FIELD.findall(item)) for item in _YAML_ITEM.split(text))
        return [
            (item["filename"].strip(), item["usage"].strip().lower())
            for item in fields
            if len(item) == 2
        ]
    lines = (line.split() for line in text.splitlines())
    return [(words[0], words[1].lower()) for words in lines if len(words) > 1]


def _json_pairs(text: str) -> list[tuple[str, str]]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return []
    sources = content.get("sources") if isinstance(content, dict) else None
    items = sources if isinstance(sources, list) else []
    return [
        (str(item["filename"]), str(item.get("usage", "")).lower())
        for item in items
        if isinstance(item, dict) and "filename" in item
    ]
