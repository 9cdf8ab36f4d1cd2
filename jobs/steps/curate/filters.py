"""Filter sets: named rules over the columns of annotated/, as YAML files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any

from pyspark.errors import PySparkException
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from jobs.runtime import yaml_file
from schemas.errors import UserError
from schemas.names import check_names
from schemas.settings.ingest import SLICES

SHIPPED = yaml_file.Shipped("filter set", "jobs.steps.curate", "filter_sets")
_KEYS = ("about", "source", "slices", "include", "rules")
_RULE_KEYS = ("about", "keep", "drop")

# what would make a document's fate another one at each run, or would run what is not SQL
_REFUSED = re.compile(
    r"\b(rand|randn|random|randstr|uniform|uuid|shuffle|monotonically_increasing_id|now|"
    r"spark_partition_id|input_file_\w+|current_\w+|reflect|try_reflect|java_method)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Rule:
    """A rule of a filter set.

    Attributes
    ----------
    name
        Of set and rule: `gopher/word-count`.
    sql
        An expression over the columns of annotated/ and those of `quality_signals`.
    keep
        Whether documents stay, or go, for which the expression is true. For which it is null stay.
    slices
        The rule is for these alone.
    """

    name: str
    sql: str
    keep: bool
    slices: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The rule as a run's record has it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> Rule:
        """The rule that `to_dict` gave, also where it was JSON since."""
        return cls(**{**said, "slices": tuple(said["slices"])})

    @property
    def applies(self) -> Column:
        """Whether a document is of one of its slices."""
        return F.col("slice").isin(*self.slices)

    @property
    def drops(self) -> Column:
        """Whether a document goes."""
        # not known is not dropped
        return self.applies & F.expr(self.sql).eqNullSafe(F.lit(not self.keep))

    @property
    def is_unknown(self) -> Column:
        """Whether the rule says nothing, since a signal is missing."""
        return self.applies & F.expr(self.sql).isNull()


def load(filters: Sequence[str], where: Sequence[str] = ()) -> list[Rule]:
    """The rules of some sets, in their order, and of expressions that documents must meet.

    Raises
    ------
    UserError
        There is no such set or file, or it is not in the form of one.
    """
    rules: dict[str, Rule] = {}
    for name in filters:
        for rule in _load(name, ()):
            # a set that two others include counts once
            if rules.setdefault(rule.name, rule) != rule:
                raise UserError(f"--filters: two sets have a rule {rule.name}: rename one file")
    for number, sql in enumerate(where, start=1):
        name = "where" if len(where) == 1 else f"where-{number}"
        rules[name] = Rule(name, _allowed("--where", sql), True, SLICES)
    return list(rules.values())


def check(rows: DataFrame, rules: Sequence[Rule]) -> None:
    """See that each rule can be computed from rows of annotated/.

    Raises
    ------
    UserError
        It is no SQL, names a column that is not there, or is not true or false.
    """
    known = with_signals(rows)
    try:
        fields = known.select(*(F.expr(rule.sql) for rule in rules)).schema.fields
    except PySparkException as error:
        if len(rules) > 1:  # which one it is
            for rule in rules:
                check(rows, [rule])
        # without Spark's name and number of the error, and its picture of the expression
        (reason, *_) = str(error.getMessage()).strip().splitlines()
        reason = re.sub(r"^\[[A-Z_.]+\] | SQLSTATE: \w+$", "", reason)
        raise UserError(f"the rule {rules[0].name}: {reason}") from error
    for rule, field in zip(rules, fields, strict=True):
        if not isinstance(field.dataType, T.BooleanType | T.NullType):
            raise UserError(
                f"the rule {rule.name} must be true or false, not {field.dataType.simpleString()}: "
                f"{rule.sql}"
            )


def with_signals(rows: DataFrame) -> DataFrame:
    """Rows of annotated/ with each quality signal as a column as well, as rules name them."""
    return rows.select("*", "quality_signals.*")


def _load(name: str, above: tuple[str, ...]) -> Iterator[Rule]:
    where, said = _read(name)
    stem = PurePath(name).stem
    if stem in above:
        raise UserError(f"{where} includes itself")
    slices = _list(where, said, "slices") or list(SLICES)
    check_names(f"{where}, slices", "slice", slices, SLICES)
    for other in _list(where, said, "include"):
        yield from _load(str(other), (*above, stem))
    rules = said.get("rules") or {}
    if not isinstance(rules, Mapping):
        raise UserError(f"{where}, rules: expected names of rules, found {rules!r}")
    if not rules and not said.get("include"):
        raise UserError(f"{where}: no `rules:`")
    for key, rule in rules.items():
        yield _rule(f"{where}, {key}", f"{stem}/{key}", rule, tuple(slices))


def _rule(where: str, name: str, said: Any, slices: tuple[str, ...]) -> Rule:
    if not isinstance(said, Mapping):
        raise UserError(f"{where}: expected `keep:` or `drop:` and an SQL expression")
    check_names(where, "key", said, _RULE_KEYS)
    given = [key for key in ("keep", "drop") if key in said]
    if len(given) != 1:
        raise UserError(f"{where}: expected one of `keep:` and `drop:`, found {len(given)}")
    # a bare `true` or a number is SQL as well
    return Rule(name, _allowed(where, str(said[given[0]])), given[0] == "keep", slices)


def _allowed(where: str, sql: str) -> str:
    refused = _REFUSED.search(sql)
    if refused:
        raise UserError(f"{where}: {refused[0]}() cannot be used in a rule")
    return " ".join(sql.split()) if "'" not in sql else sql.strip()


def _read(name: str) -> tuple[str, Mapping[str, Any]]:
    content, where = SHIPPED.named(name, option="--filters")
    said = yaml_file.parse(content, where)
    if not isinstance(said, Mapping):
        raise UserError(f"{where}: expected `slices:` and `rules:`")
    check_names(where, "key", said, _KEYS)
    return where, said


def _list(where: str, said: Mapping[str, Any], key: str) -> list[Any]:
    found = said.get(key) or []
    if not isinstance(found, list):
        raise UserError(f"{where}, {key}: expected a list, found {found!r}")
    return found
