"""A user's own Python functions that rules call by name, evaluated in the workers."""

from __future__ import annotations

import functools
import hashlib
import inspect
import pkgutil
import sys
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T
from pyspark.sql.pandas.functions import pandas_udf

from jobs.steps.curate import conversation_columns
from schemas.errors import UserError, one_line
from schemas.tables.annotated import ANNOTATED
from schemas.tables.quality_signals import QUALITY_SIGNALS
from schemas.tables.rule_measures import RULE_MEASURES

_COLUMN = "_functions"
_TYPES: dict[Any, T.DataType] = {bool: T.BooleanType(), int: T.LongType(), float: T.DoubleType()}
_COLUMNS = frozenset(
    (*ANNOTATED.names, *QUALITY_SIGNALS.names, *RULE_MEASURES.names, *conversation_columns.COLUMNS)
)
_NAMES = {type_.__name__: type_ for type_ in _TYPES}


@dataclass(frozen=True)
class Function:
    """A function that rules use as a column.

    Attributes
    ----------
    name
        The column's name.
    target
        The function, as `module:function`.
    columns
        Columns of annotated/ that it takes: the names of its parameters.
    returns
        `bool`, `int` or `float`, as its annotation says.
    digest
        SHA-1 of its module's source: a run with another source is another run.
    """

    name: str
    target: str
    columns: tuple[str, ...]
    returns: str
    digest: str

    def to_dict(self) -> dict[str, Any]:
        """Return the function as a run's record holds it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Function:
        """Return the function that `to_dict` stored, also after a round trip through JSON."""
        return cls(**{**stored, "columns": tuple(stored["columns"])})

    def value(self, arguments: Sequence[Any], id_: str) -> Any:
        """Return the function's value for a document.

        Raises
        ------
        UserError
            The function raises, or returns a value of another type.
        """
        try:
            value = _imported(self.target)(*arguments)
        except UserError:
            raise
        except Exception as error:
            reason = one_line(f"{type(error).__name__}: {error}")
            raise UserError(f"the function {self.target} failed on {id_}: {reason}") from error
        if value is None:
            return None
        kind = _NAMES[self.returns]
        right = isinstance(value, int | float) and (kind is not bool or isinstance(value, bool))
        if not right or (kind is int and value != int(value)):
            raise UserError(
                f"the function {self.target} returned {value!r} for {id_}, not {self.returns}"
            )
        return kind(value)


def declared(name: str, target: str) -> Function:
    """Return the function that a filter set declares; its module is imported.

    Raises
    ------
    UserError
        The name is taken, or the function cannot be imported, takes what is no column of annotated/, or
        does not say what it returns.
    """
    if not name.isidentifier() or name in _COLUMNS:
        raise UserError(f"{name!r} is no free name for a column")
    function = _imported(target)
    columns = tuple(inspect.signature(function).parameters)
    unknown = [column for column in columns if column not in ANNOTATED.names]
    if unknown or not columns:
        named = f"not {unknown[0]!r}" if unknown else "such as `text`"
        raise UserError(f"{target}: its parameters must be columns of annotated/, {named}")
    returns: Any = typing.get_type_hints(function).get("return")
    if returns not in _TYPES:
        raise UserError(f"{target}: it must say what it returns: `-> bool`, `-> int` or `-> float`")
    source = inspect.getsource(sys.modules[function.__module__])
    digest = hashlib.sha1(source.encode()).hexdigest()
    return Function(name, target, columns, returns.__name__, digest)


def with_functions(rows: DataFrame, functions: Sequence[Function]) -> DataFrame:
    """Return rows of annotated/ with the value of each function as a column."""
    if not functions:
        return rows
    names = [function.name for function in functions]
    evaluated = rows.withColumn(_COLUMN, _values(functions))
    columns = [F.col(_COLUMN)[name].alias(name) for name in names]
    return evaluated.select(*rows.columns, *columns)


def _values(functions: Sequence[Function]) -> Column:
    """Return a struct of all functions' values: one pass over the columns that they take."""
    columns = sorted({"id", *(column for function in functions for column in function.columns)})
    type_ = T.StructType(
        [T.StructField(function.name, _TYPES[_NAMES[function.returns]]) for function in functions]
    )

    def evaluate(*series: pd.Series) -> pd.DataFrame:
        values = {name: one.tolist() for name, one in zip(columns, series, strict=True)}
        results = {}
        for function in functions:
            arguments = zip(*(values[name] for name in function.columns), strict=True)
            rows = zip(arguments, values["id"], strict=True)
            column = [function.value(given, id_) for given, id_ in rows]
            results[function.name] = pd.Series(column, dtype=object)
        frame: pd.DataFrame = pd.DataFrame(results)
        return frame

    evaluated: Column = pandas_udf(evaluate, type_)(*columns)  # type: ignore[call-overload]
    return evaluated


@functools.cache
def _imported(target: str) -> Callable[..., Any]:
    """Return a function by `module:function`.

    Raises
    ------
    UserError
        The module cannot be imported, or has no such function.
    """
    module, _, name = target.partition(":")
    try:
        if not module or not name:
            raise ValueError("expected module:function")
        function: Callable[..., Any] = pkgutil.resolve_name(target)
    except Exception as error:
        reason = one_line(f"{type(error).__name__}: {error}")
        raise UserError(
            f"cannot import the function {target} ({reason}): install its module or set PYTHONPATH, "
            "and give it to a cluster's workers by --py-files"
        ) from error
    if not callable(function):
        raise UserError(f"{target} is no function")
    return function
