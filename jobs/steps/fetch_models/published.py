"""Addresses of the published models and lists, and those of a user's own table.

CCNet and fastText publish no checksums. The word lists have known ones, since their addresses name a fixed
version.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from jobs import storage
from jobs.runtime import yaml_file
from jobs.steps.fetch_models.lists import BAD_WORDS, STOP_WORDS
from schemas.errors import UserError
from schemas.names import check_names
from schemas.settings.mapping import from_mapping
from schemas.settings.options import option
from udfs.ccnet.buckets import CCNET_CUTOFFS

LID, PERPLEXITY, LISTS, CLASSIFIER, OWN = "lid", "perplexity", "lists", "classifier", "own"
UT1 = "ut1/blacklists.tar.gz"
ALL = "all"

_FASTTEXT = "https://dl.fbaipublicfiles.com/fasttext/supervised-models"
_CCNET = "http://dl.fbaipublicfiles.com/cc_net/lm"
_WIKIREF = "https://data.together.xyz/redpajama-data-v2/v1.0.0/artifacts/wikiref.model.bin"
_BLACKLISTS = "http://dsi.ut-capitole.fr/blacklists/download/blacklists.tar.gz"
_BAD_WORDS = (
    "https://raw.githubusercontent.com/LDNOOBW/List-of-Dirty-Naughty-Obscene-and-Otherwise-Bad-Words"
    "/5faf2ba42d7b1c0977169ec3611df25a3c08eb13"
)
_STOP_WORDS = "https://cdn.jsdelivr.net/npm/stopwords-json@1.2.0/dist"


@dataclass(frozen=True)
class Item:
    """A file to fetch.

    Attributes
    ----------
    path
        Path below the folder of models, which `udfs.models.model_files` and
        `udfs.quality_signals.resources` load.
    kind
        One of `--what`, or `OWN`.
    language
        The language that it is for; None for all.
    sha256
        The SHA-256 that it must have, where known.
    """

    path: str
    address: str
    kind: str
    language: str | None = None
    sha256: str | None = None


def published() -> list[Item]:
    """Return all published files, for every language."""
    items = [Item("lid.176.bin", f"{_FASTTEXT}/lid.176.bin", LID)]
    for language in CCNET_CUTOFFS:  # CCNet has models for these 48
        for name in (f"{language}.sp.model", f"{language}.arpa.bin"):
            items.append(Item(name, f"{_CCNET}/{name}", PERPLEXITY, language))
    items.append(Item(UT1, _BLACKLISTS, LISTS))
    for language, sha256 in BAD_WORDS.items():
        address = f"{_BAD_WORDS}/{language}"
        items.append(Item(f"ldnoobw/{language}", address, LISTS, language, sha256))
    for language, sha256 in STOP_WORDS.items():
        address = f"{_STOP_WORDS}/{language}.json"
        items.append(Item(f"stopwords/{language}.json", address, LISTS, language, sha256))
    items.append(Item("wikiref.model.bin", _WIKIREF, CLASSIFIER, "en"))
    return items


def chosen(
    what: Sequence[str], languages: Sequence[str], mirror: str | None, table: str | None
) -> list[Item]:
    """Return the published files of some kinds and languages, and all files of the user's table.

    Parameters
    ----------
    languages
        Codes, or `all`.
    mirror
        A folder that holds the files as the folder of models does, in any store.
    table
        A YAML file: path -> address, or path -> `{address: .., sha256: ..}`. Its addresses take
        precedence over the mirror's.

    Raises
    ------
    UserError
        A language has no published files, or the table has a path, key or value that is not allowed.
    """
    items = published()
    known = {item.language for item in items if item.kind in what and item.language}
    if known:
        check_names("--languages", "language", languages, [*sorted(known), ALL])
    items = [item for item in items if _is_chosen(item, what, languages)]
    if mirror:
        items = [replace(item, address=storage.join(mirror, item.path)) for item in items]
    return _with_own(items, _own(table)) if table else items


def _is_chosen(item: Item, what: Sequence[str], languages: Sequence[str]) -> bool:
    in_languages = item.language is None or ALL in languages or item.language in languages
    return item.kind in what and in_languages


def _sha256(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch("[0-9a-fA-F]{64}", value):
        return value.lower()
    raise ValueError("a SHA-256 of 64 hexadecimal digits, in quotes")


@dataclass(frozen=True)
class OwnItem:
    """A file in a user's table: its address alone, or a mapping of these keys."""

    address: str | None = option(None, "where the file is published", bare=True)
    sha256: str | None = option(None, "what the file's SHA-256 must be", read=_sha256)

    def __post_init__(self) -> None:
        if self.address is None and self.sha256 is None:
            raise UserError("expected an address, or `address:` and `sha256:`")


def _with_own(items: Iterable[Item], own: dict[str, OwnItem]) -> list[Item]:
    by_path = {item.path: item for item in items}
    everything = {item.path: item for item in published()}
    for path, entry in own.items():
        base = by_path.get(path) or everything.get(path)
        if base is None and entry.address is None:
            raise UserError(f"{path} of --table has no address, and is not published")
        base = base or Item(path, "", OWN)
        by_path[path] = replace(
            base, address=entry.address or base.address, sha256=entry.sha256 or base.sha256
        )
    return list(by_path.values())


def _own(table: str) -> dict[str, OwnItem]:
    """Return a user's table by path."""
    content = yaml_file.parse(yaml_file.read(table), table)
    if not isinstance(content, dict):
        raise UserError(f"{table}: expected a line for each file, PATH: ADDRESS")
    return {
        _path(table, path): from_mapping(OwnItem, entry, where=f"{table}: {path}")
        for path, entry in content.items()
    }


def _path(table: str, path: Any) -> str:
    parts = PurePosixPath(path).parts if isinstance(path, str) else ()
    if not parts or parts[0] == "/" or ".." in parts:
        raise UserError(f"{table}: {path!r} is not a path below the folder of models")
    return "/".join(parts)
