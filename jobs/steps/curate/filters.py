"""Filter sets: named rules over the columns of annotated/, as YAML files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from pyspark.sql import Column
from pyspark.sql import functions as F

from jobs.runtime import yaml_file
from jobs.steps.curate import sql_words
from jobs.steps.curate.functions import Function, declared
from schemas.errors import UserError
from schemas.settings.ingest import PRETRAINING
from schemas.settings.mapping import from_mapping
from schemas.settings.options import option
from schemas.settings.slices import PACKAGED, SLICES

SHIPPED = yaml_file.Shipped(
    "filter set", "jobs.steps.curate", "filter_sets", group="redpajama.filter_sets"
)


_FIRST_SLICES = (*PRETRAINING, *PACKAGED)
"""What records have for all slices, so that more slices make no corpus stale."""

ALL = ":all"
"""The end of a set's name that makes its rules apply to all languages."""


@dataclass(frozen=True)
class Rule:
    """A rule of a filter set.

    Attributes
    ----------
    name
        Names of set and rule: `gopher/word-count`.
    sql
        An expression over the columns of annotated/, those of `quality_signals`, and `functions`.
    keep
        Whether documents for which the expression is true are kept, and others dropped, or the
        reverse. Documents for which it is null are kept.
    slices
        Slices that the rule applies to.
    functions
        The user's own functions that the expression names.
    languages
        Languages whose documents the rule applies to; None for all, and those without a language.
    """

    name: str
    sql: str
    keep: bool
    slices: tuple[str, ...]
    functions: tuple[Function, ...] = ()
    languages: tuple[str, ...] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the rule as a run's record holds it."""
        stored = {name: getattr(self, name) for name in ("name", "sql", "keep", "slices")}
        if self.slices == SLICES:
            stored["slices"] = _FIRST_SLICES
        elif self.slices == _FIRST_SLICES:
            stored["these_slices"] = True
        functions = [function.to_dict() for function in self.functions]
        if self.languages is not None:
            stored["languages"] = self.languages
        return stored | ({"functions": functions} if functions else {})

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Rule:
        """Return the rule that `to_dict` stored, also after a round trip through JSON."""
        functions = tuple(map(Function.from_dict, stored.get("functions", ())))
        languages = stored.get("languages")
        values = dict(stored)
        slices = tuple(values["slices"])
        if slices == _FIRST_SLICES and not values.pop("these_slices", False):
            slices = SLICES
        changed = {"languages": None if languages is None else tuple(languages)}
        return cls(**{**values, "slices": slices, "functions": functions, **changed})

    @property
    def applies(self) -> Column:
        """Return whether the rule applies to a document's slice and language."""
        of_slice = F.col("slice").isin(*self.slices)
        if self.languages is None:
            return of_slice
        return of_slice & F.coalesce(F.col("language").isin(*self.languages), F.lit(False))

    @property
    def drops(self) -> Column:
        """Return whether the rule drops a document; not if its value is unknown."""
        return self.applies & F.expr(self.sql).eqNullSafe(F.lit(not self.keep))

    @property
    def is_unknown(self) -> Column:
        """Return whether the rule's value is unknown, because a signal is missing."""
        return self.applies & F.expr(self.sql).isNull()


def _expression(value: Any, prefix: str = "") -> str:
    """Return an SQL expression on one line, unless it has a string or comment, in which blanks count.

    Raises
    ------
    UserError
        It calls a function whose value changes from run to run, or one that is not SQL.
    """
    sql = str(value)  # a bare `true` or a number is SQL as well
    refused = sql_words.refused(sql)
    if refused:
        raise UserError(f"{prefix}{refused} cannot be used in a rule")
    return " ".join(sql.split()) if sql_words.is_free_of_strings(sql) else sql.strip()


@dataclass(frozen=True)
class RuleEntry:
    """A rule in the file of a filter set."""

    about: str | None = option(None, "what the rule is for")
    keep: str | None = option(None, "SQL that is true of documents to keep", read=_expression)
    drop: str | None = option(None, "SQL that is true of documents to drop", read=_expression)
    languages: tuple[str, ...] | None = option(
        None,
        "languages that the rule is for, in place of the set's; `all` for all",
        metavar="CODE",
        only_list=True,
    )
    all_languages: str | None = option(
        None, "SQL in place of `keep:` or `drop:` if the set is for all languages", read=_expression
    )

    def __post_init__(self) -> None:
        given = (self.keep is not None) + (self.drop is not None)
        if given != 1:
            raise UserError(f"expected one of `keep:` and `drop:`, found {given}")


@dataclass(frozen=True)
class FilterSet:
    """The keys of a filter set's file."""

    about: str | None = option(None, "what the set is for")
    source: str | None = option(None, "where the rules are from")
    slices: tuple[str, ...] | None = option(
        None, "slices that the rules are for", metavar="SLICE", choices=SLICES, only_list=True
    )
    languages: tuple[str, ...] | None = option(
        None, "languages that the rules are for", metavar="CODE", only_list=True
    )
    functions: dict[str, str] | None = option(
        None, "names of columns, each with a Python function as module:function"
    )
    include: tuple[str, ...] | None = option(None, "sets that come first", only_list=True)
    rules: dict[str, RuleEntry] | None = option(
        None, "names of rules, each with `keep:` or `drop:`"
    )

    def __post_init__(self) -> None:
        if not self.rules and not self.include:
            raise UserError("no `rules:`")


def load(filters: Sequence[str], where: Sequence[str] = ()) -> list[Rule]:
    """Return the rules of filter sets, in their order, and of SQL expressions.

    A set whose name ends in `:all` is for all languages, whatever its file says.

    Parameters
    ----------
    where
        Expressions that documents must not be false for.

    Raises
    ------
    UserError
        A set does not exist, or its file has a key or value that is not allowed.
    """
    rules: dict[str, Rule] = {}
    for name in filters:
        stem = name.removesuffix(ALL)
        for rule in _load(stem, (), for_all=stem != name):
            # a set that two others include is loaded once, for the languages of both
            known = rules.setdefault(rule.name, rule)
            if replace(known, languages=rule.languages) != rule:
                raise UserError(f"--filters: two sets have a rule {rule.name}: rename one file")
            if rule.languages is None:
                rules[rule.name] = rule
    for number, sql in enumerate(where, start=1):
        name = "where" if len(where) == 1 else f"where-{number}"
        rules[name] = Rule(name, _expression(sql, "--where: "), True, SLICES)
    return list(rules.values())


def _load(name: str, including: tuple[str, ...], *, for_all: bool) -> Iterator[Rule]:
    content, where = SHIPPED.named(name, option="--filters")
    stem = PurePath(name).stem
    if stem in including:
        raise UserError(f"{where} includes itself")
    filter_set = from_mapping(FilterSet, yaml_file.parse(content, where), where=where)
    for included in filter_set.include or ():
        yield from _load(included, (*including, stem), for_all=for_all)
    slices, languages = filter_set.slices or SLICES, filter_set.languages
    functions = _functions(filter_set, where)
    for key, rule in (filter_set.rules or {}).items():
        sql = str(rule.drop if rule.keep is None else rule.keep)
        if for_all and rule.all_languages is not None:
            sql = rule.all_languages
        names = sql_words.names(sql)
        used = tuple(known for known in functions if known.name.lower() in names)
        own = languages if rule.languages is None else rule.languages
        own = None if for_all or own is None or "all" in own else own
        yield Rule(f"{stem}/{key}", sql, rule.keep is not None, slices, used, own)


def _functions(filter_set: FilterSet, where: str) -> list[Function]:
    try:
        return [declared(*entry) for entry in (filter_set.functions or {}).items()]
    except UserError as error:
        raise UserError(f"{where}, functions: {error}") from error
