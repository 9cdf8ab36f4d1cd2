"""Names of a wiki: its database, its edition and its language."""

from __future__ import annotations

import re

from jobs.sources.mediawiki import Dump

_DUMP = re.compile(r"^([a-z][a-z0-9_]*)-(\d{8}|latest)-")
# editions whose code is not the language model's (lid.176) code of their language
_LANGUAGES = {
    "simple": "en",
    "nb": "no",
    "zh-yue": "yue",
    "zh-classical": "zh",
    "be-tarask": "be",
    "be-x-old": "be",
    "cbk-zam": "cbk",
    "nds-nl": "nds",
}


def edition(wiki: str) -> str:
    """Return the code of an edition from its database's name: `zh-min-nan` of zh_min_nanwiki."""
    return (wiki.removesuffix("wiki") or wiki).replace("_", "-")


def language(code: str) -> str:
    """Return the language model's code of an edition's language."""
    return _LANGUAGES.get(code, code)


def wiki_of(dump: Dump) -> str:
    """Return the database's name, such as `frwiki`, by the dump's header, else by its name."""
    header = dump.header
    return header.wiki or wiki_of_file(dump.byte_range.uri) or header.language or "unknown"


def wiki_of_file(uri: str) -> str | None:
    """Return the database's name in a dump's name; None if it has none."""
    match = _DUMP.match(uri.rpartition("/")[2])
    return match and match[1]
