"""The lists and models that some signals need, in one folder under their published names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from schemas.errors import UserError
from udfs.models.model_files import load_language_model
from udfs.quality_signals.arrays import Floats
from udfs.quality_signals.characters import WordRule
from udfs.quality_signals.ut1 import UT1_CATEGORIES, BlockedDomains, find_lists

__all__ = ["NO_RESOURCES", "UT1_CATEGORIES", "Categories", "Domain", "Resources"]

CLASSIFIERS = ("palm", "wikipedia", "wikiref")
# wikiref and palm were trained on English alone
_ENGLISH_CLASSIFIERS = ("palm", "wikiref")


class Categories(Protocol):
    """A look-up of the number of a domain's UT1 categories: a mapping, or `BlockedDomains`."""

    def get(self, domain: str, /) -> int | None:
        """The number; None for a domain in no list."""


@dataclass(frozen=True, eq=False)
class Domain:
    """DSIR's statistics of one data set: hashed n-gram counts and the mean number of raw words."""

    counts: np.ndarray[Any, Any]
    mean_words: float | None = None

    @property
    def log_probabilities(self) -> Floats:
        """ln(share + 1e-8) of each bucket."""
        result: Floats = np.log(self.counts / self.counts.sum() + 1e-8)
        return result


@dataclass(frozen=True, eq=False)
class Resources:
    """Lists and models by language; whatever is absent is an empty mapping.

    A worker loads them itself: pickling sends the folder's name alone.

    Attributes
    ----------
    word_rule
        What a raw word is: `regex` as V2's code has it with the nltk of today, `re` with the nltk of
        2023, when its signals were published (see `characters`).
    bad_words
        LDNOOBW by language. V2 has lists for en, fr, it, es and de only and scores 0.0 elsewhere;
        here any language counts that the folder has a list for, as for the stop words.
    stop_words
        stopwords-json by language.
    categories
        UT1: domain to the number of its set of categories; None: no lists.
    classifiers
        fastText models by (language, name); names other than V2's are classifiers of the user's own.
    domains
        DSIR statistics by (language, data set); the data set `ccnet` is the source.
    """

    folder: Path | None = None
    word_rule: WordRule = "regex"
    bad_words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    stop_words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    categories: Categories | None = None
    classifiers: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    domains: Mapping[tuple[str, str], Domain] = field(default_factory=dict)

    @property
    def own_classifiers(self) -> tuple[str, ...]:
        """Names of the classifiers that are not V2's."""
        return tuple(sorted({name for _, name in self.classifiers} - set(CLASSIFIERS)))

    @staticmethod
    def load(folder: str | Path, *, word_rule: WordRule = "regex") -> Resources:
        """Read a folder, once a process.

        - `ldnoobw/en` or `bad_words/en.txt`: a phrase a line
        - `stopwords/en.json`: a list
        - `ut1/adult/domains`, or `blacklists/adult/domains` in the folder or in `ut1`
        - `classifiers/en/palm.model.bin`, `classifiers/de/wikipedia.model.bin`; those for English
          also in the folder itself: `wikiref.model.bin`
        - `dsir/en/books.en.10000.counts.npy` and `dsir/en/books.en.lambda.npy`

        Raises
        ------
        UserError
            The folder does not exist, or a file in it is not what its name says.
        """
        return _load(str(Path(folder).resolve()), word_rule)

    def __reduce__(self) -> tuple[Any, ...]:
        if self.folder is not None:
            return _load, (str(self.folder), self.word_rule)
        return Resources, (
            None,
            self.word_rule,
            self.bad_words,
            self.stop_words,
            self.categories,
            self.classifiers,
            self.domains,
        )


NO_RESOURCES = Resources()


@lru_cache(maxsize=4)
def _load(name: str, word_rule: WordRule) -> Resources:
    folder = Path(name)
    if not folder.is_dir():
        raise UserError(f"no folder of signal resources at {folder}: create it or leave it out")
    return Resources(
        folder=folder,
        word_rule=word_rule,
        bad_words=_bad_words(folder),
        stop_words={
            path.stem: frozenset(_read_json_list(path))
            for path in sorted((folder / "stopwords").glob("*.json"))
        },
        categories=_categories(folder),
        classifiers=_classifiers(folder),
        domains=_domains(folder),
    )


def _bad_words(folder: Path) -> dict[str, frozenset[str]]:
    # the lists' repository has LICENSE and README.md beside them; a list's name has no dot
    files = {path.stem: path for path in sorted((folder / "bad_words").glob("*.txt"))}
    for path in sorted((folder / "ldnoobw").glob("*")):
        if path.is_file() and not path.suffix and path.name != "LICENSE":
            files[path.name] = path
    return {language: frozenset(_read_lines(path)) for language, path in files.items()}


def _categories(folder: Path) -> BlockedDomains | None:
    lists = find_lists(folder)
    return BlockedDomains(lists) if lists else None


def _classifiers(folder: Path) -> dict[tuple[str, str], Any]:
    paths = {("en", name): folder / f"{name}.model.bin" for name in _ENGLISH_CLASSIFIERS}
    for path in sorted((folder / "classifiers").glob("*/*.model.bin")):
        paths[path.parent.name, path.name.partition(".")[0]] = path
    return {key: load_language_model(path) for key, path in paths.items() if path.is_file()}


def _domains(folder: Path) -> dict[tuple[str, str], Domain]:
    domains: dict[tuple[str, str], Domain] = {}
    for path in sorted((folder / "dsir").glob("*/*.counts.npy")):
        language, name = path.parent.name, path.name.partition(".")[0]
        mean = path.with_name(f"{name}.{language}.lambda.npy")
        domains[language, name] = Domain(
            counts=_read_array(path),
            mean_words=float(_read_array(mean)) if mean.is_file() else None,
        )
        if domains[language, name].counts.shape != domains[next(iter(domains))].counts.shape:
            raise UserError(f"{path} has another number of buckets than its neighbours: remove it")
    return domains


def _read_lines(path: Path) -> list[str]:
    with path.open(encoding="utf-8", errors="replace") as lines:
        return [line.strip() for line in lines]


def _read_json_list(path: Path) -> list[str]:
    try:
        words = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UserError(f"{path} is not JSON: replace it by a list of words") from error
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise UserError(f"{path} is not a JSON list of words: replace it by one")
    return words


def _read_array(path: Path) -> np.ndarray[Any, Any]:
    try:
        array: np.ndarray[Any, Any] = np.load(path, allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise UserError(f"{path} is not a numpy array: replace or remove it") from error
    return array
