"""The lists and models that some signals need, in one folder under their published names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import numpy as np

from schemas.errors import UserError
from udfs.quality_signals.arrays import Floats
from udfs.quality_signals.characters import WordRule

UT1_CATEGORIES = (
    *("adult", "agressif", "agressive", "arjel", "chat", "dating", "ddos", "filehosting"),
    *("gambling", "mixed_adult", "phishing", "porn", "violence"),
)
CLASSIFIERS = ("palm", "wikipedia", "wikiref")
# wikiref and palm were trained on English alone
_ENGLISH_CLASSIFIERS = ("palm", "wikiref")


def ut1_category_ids() -> dict[tuple[str, ...], int]:
    """Each set of UT1 categories, sorted, to its number in V2: 8,191 sets, smaller ones first."""
    names = sorted(UT1_CATEGORIES)
    sets = chain.from_iterable(combinations(names, size + 1) for size in range(len(names)))
    return {categories: number for number, categories in enumerate(sets)}


@dataclass(frozen=True, eq=False)
class Domain:
    """What DSIR knows of one data set: hashed n-gram counts and the mean number of raw words."""

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
        What a raw word is: `regex` as V2's code has it with nltk since 3.10, `re` as it had it with
        the nltk of 2023, when its signals were published (see `characters`).
    bad_words
        LDNOOBW by language. V2 has lists for en, fr, it, es and de only and scores 0.0 elsewhere;
        here any language counts that the folder has a list for, as for the stop words.
    stop_words
        stopwords-json by language.
    categories
        UT1: domain to the number of its set of categories; None: no lists.
    classifiers
        fastText models by (language, name).
    domains
        DSIR statistics by (language, data set); the data set `ccnet` is the source.
    """

    folder: Path | None = None
    word_rule: WordRule = "regex"
    bad_words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    stop_words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    categories: Mapping[str, int] | None = None
    classifiers: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    domains: Mapping[tuple[str, str], Domain] = field(default_factory=dict)

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


def _categories(folder: Path) -> dict[str, int] | None:
    found: dict[str, set[str]] = {}
    lists = 0
    for category in UT1_CATEGORIES:
        for parent in (folder / "ut1", folder / "ut1" / "blacklists", folder / "blacklists"):
            path = parent / category / "domains"
            if path.is_file():
                lists += 1
                for domain in _read_lines(path):
                    found.setdefault(domain, set()).add(category)
    if not lists:
        return None
    numbers = ut1_category_ids()
    return {domain: numbers[tuple(sorted(names))] for domain, names in found.items()}


def _classifiers(folder: Path) -> dict[tuple[str, str], Any]:
    paths = {("en", name): folder / f"{name}.model.bin" for name in _ENGLISH_CLASSIFIERS}
    for path in sorted((folder / "classifiers").glob("*/*.model.bin")):
        paths[path.parent.name, path.name.partition(".")[0]] = path
    models: dict[tuple[str, str], Any] = {}
    for key, path in paths.items():
        if path.is_file() and key[1] in CLASSIFIERS:
            import fasttext  # only where a model is: it takes a while to import

            try:
                models[key] = fasttext.load_model(str(path))
            except ValueError as error:
                raise UserError(f"{path} is not a fastText model: replace or remove it") from error
    return models


def _domains(folder: Path) -> dict[tuple[str, str], Domain]:
    domains: dict[tuple[str, str], Domain] = {}
    for path in sorted((folder / "dsir").glob("*/*.counts.npy")):
        language, name = path.parent.name, path.name.partition(".")[0]
        mean = path.with_name(f"{name}.{language}.lambda.npy")
        domains[language, name] = Domain(
            counts=_read_array(path),
            mean_words=float(_read_array(mean)) if mean.is_file() else None,
        )
    return domains


def _read_lines(path: Path) -> list[str]:
    # some UT1 lists are not UTF-8: a name with a stray byte matches no domain, and does no harm
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
