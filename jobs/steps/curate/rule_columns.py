"""The columns that rules name: of annotated/, quality signals, measures and functions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pyspark.errors import PySparkException
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from jobs.steps.curate import conversation_columns
from jobs.steps.curate.filters import Rule
from jobs.steps.curate.functions import Function, with_functions
from schemas.errors import UserError


def check(rows: DataFrame, rules: Sequence[Rule]) -> None:
    """Check that each rule can be computed from rows of annotated/.

    Raises
    ------
    UserError
        A rule is not SQL, names a column that does not exist, or is not true or false.
    """
    known = with_signals(rows, rules)
    try:
        fields = known.select(*(F.expr(rule.sql) for rule in rules)).schema.fields
    except PySparkException as error:
        if len(rules) > 1:  # find the one that fails
            for rule in rules:
                check(rows, [rule])
        # without Spark's name and number of the error, and its copy of the expression
        (reason, *_) = str(error.getMessage()).strip().splitlines()
        reason = re.sub(r"^\[[A-Z_.]+\] | SQLSTATE: \w+$", "", reason)
        raise UserError(f"the rule {rules[0].name}: {reason}") from error
    for rule, field in zip(rules, fields, strict=True):
        if not isinstance(field.dataType, T.BooleanType | T.NullType):
            raise UserError(
                f"the rule {rule.name} must be true or false, not {field.dataType.simpleString()}: "
                f"{rule.sql}"
            )


def with_signals(rows: DataFrame, rules: Sequence[Rule]) -> DataFrame:
    """Return rows of annotated/ with signals, measures, and functions of rules as columns.

    Raises
    ------
    UserError
        Two functions have one name.
    """
    functions: dict[str, Function] = {}
    for function in (function for rule in rules for function in rule.functions):
        if functions.setdefault(function.name, function) != function:
            raise UserError(
                f"--filters: two functions are named {function.name}: "
                f"{functions[function.name].target} and {function.target}"
            )
    known = with_functions(rows, [*functions.values()]).select(
        "*", "quality_signals.*", "rule_measures.*"
    )
    return conversation_columns.with_columns(known) if "messages" in rows.columns else known
