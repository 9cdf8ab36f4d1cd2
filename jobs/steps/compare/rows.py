"""The documents of two sides, joined by id: what came, went and changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F
from pyspark.sql import types as T

from jobs.steps.compare.sides import Side
from jobs.tables.content_hash import row_hash
from jobs.tables.hosts import host_of

CAME, WENT, CHANGED, SAME = "came", "went", "changed", "same"
STATES = (CAME, WENT, CHANGED, SAME)

GROUPS = ("slice", "language", "domain")
_SHOWN = 20  # values of a group


@dataclass(frozen=True)
class Group:
    """Documents by the values of one column, those with most changes first.

    Attributes
    ----------
    rows
        For each value its documents by state.
    others
        Values that are not shown, by state the sum of their documents.
    """

    name: str
    rows: dict[str, dict[str, int]]
    others: dict[str, int]


@dataclass(frozen=True)
class Counts:
    """Documents by state, as a whole, by group, and which columns changed."""

    states: dict[str, int]
    groups: list[Group]
    columns: dict[str, int]


def joined(before: Side, after: Side) -> DataFrame:
    """Return a row for each id with `state`, `id`, the columns of `GROUPS`, and `differs`.

    `differs` has the names of the columns that differ, of those that both sides have with one type.
    A change of place in a mixture is none.
    """
    shared = _shared(before.schema, after.schema)
    left = _keyed(before, shared).withColumnRenamed("hashes", "old").alias("b")
    right = _keyed(after, shared).withColumnRenamed("hashes", "new").alias("a")
    pairs = left.join(right, F.col("b.key") == F.col("a.key"), "full_outer")
    names = F.array(*[F.lit(name) for name in shared.names])
    differs = F.filter(
        F.zip_with(names, F.zip_with("old", "new", lambda x, y: x != y), lambda n, d: F.when(d, n)),
        lambda name: name.isNotNull(),
    )
    state = (
        F.when(F.col("b.key").isNull(), CAME)
        .when(F.col("a.key").isNull(), WENT)
        .when(F.size(differs) > 0, CHANGED)
        .otherwise(SAME)
    )
    return pairs.select(
        F.coalesce("a.key", "b.key").alias("key"),
        F.coalesce("a.id", "b.id").alias("id"),
        *(F.coalesce(f"a.{name}", f"b.{name}").alias(name) for name in GROUPS),
        F.coalesce("a.url", "b.url").alias("url"),
        state.alias("state"),
        differs.alias("differs"),
    )


def counts(pairs: DataFrame) -> Counts:
    """Count documents by state, and by state for each value of `GROUPS`: one pass over the rows."""
    sets = [F.struct(F.lit(name).alias("name"), F.col(name).alias("value")) for name in GROUPS]
    changed = F.transform(
        F.coalesce("differs", F.array().cast("array<string>")),
        lambda name: F.struct(F.lit("column").alias("name"), name.alias("value")),
    )
    # the first member counts each document once, whatever its groups are
    every = F.struct(F.lit("").alias("name"), F.lit("").alias("value"))
    exploded = pairs.select(
        "state", F.explode(F.concat(F.array(every, *sets), changed)).alias("group")
    )
    sums = exploded.groupBy("group.name", "group.value", "state").count()
    by_value = sums.groupBy("name", "value").pivot("state", [*STATES]).sum("count")
    moved = sum((F.coalesce(state, F.lit(0)) for state in STATES[:-1]), F.lit(0))
    # of domains there may be millions: Spark ranks them, and only the first are collected
    ranked = by_value.withColumn("rank", _rank("name", moved.desc(), "value"))
    grouped = ranked.groupBy(
        "name",
        F.when(F.col("rank") <= _SHOWN, F.col("value")).alias("value"),
        F.least("rank", F.lit(_SHOWN + 1)).alias("rank"),
    ).agg(*(F.coalesce(F.sum(state), F.lit(0)).alias(state) for state in STATES))
    rows = sorted(grouped.collect(), key=lambda row: (row["name"], row["rank"]))

    def states(row: T.Row) -> dict[str, int]:
        return {state: row[state] for state in STATES}

    total = next((states(row) for row in rows if row["name"] == ""), dict.fromkeys(STATES, 0))
    groups = []
    for name in GROUPS:
        own = [row for row in rows if row["name"] == name]
        shown = {row["value"] or "": states(row) for row in own if row["rank"] <= _SHOWN}
        others = next((states(row) for row in own if row["rank"] > _SHOWN), {})
        groups.append(Group(name, shown, others))
    columns = {row["value"]: row[CHANGED] for row in rows if row["name"] == "column"}
    return Counts(total, groups, columns)


def first(pairs: DataFrame, n: int) -> dict[str, list[T.Row]]:
    """Return the first documents of each state but `SAME`, by id: `key`, `id`, `slice` and `differs`."""
    if not n:
        return {}
    rows = pairs.where(F.col("state") != SAME).select("key", "id", "slice", "state", "differs")
    ranked = rows.withColumn("rank", _rank("state", "key")).where(F.col("rank") <= n)
    examples: dict[str, list[T.Row]] = {}
    for row in sorted(ranked.collect(), key=lambda row: row["rank"]):
        examples.setdefault(row["state"], []).append(row)
    return examples


def texts(side: Side, keys: Sequence[str]) -> dict[str, str]:
    """Return the texts of some documents of a side, by key."""
    if not keys:
        return {}
    rows = side.rows.select(_key(side.rows).alias("key"), "text")
    return {row["key"]: row["text"] or "" for row in rows.where(F.col("key").isin(*keys)).collect()}


def _rank(by: str, *order: Column | str) -> Column:
    return F.row_number().over(Window.partitionBy(by).orderBy(*order))


def _shared(before: T.StructType, after: T.StructType) -> T.StructType:
    types = {field.name: field.dataType for field in after}
    return T.StructType([field for field in before if types.get(field.name) == field.dataType])


def _keyed(side: Side, shared: T.StructType) -> DataFrame:
    """Return key, id, groups and the hash of each shared column."""
    names = side.rows.columns
    url = F.col("url") if "url" in names else F.lit(None).cast("string")
    columns = {
        "key": _key(side.rows),
        "id": F.col("id"),
        "slice": F.col("slice") if "slice" in names else F.lit(None).cast("string"),
        "language": F.col("language") if "language" in names else F.lit(None).cast("string"),
        "domain": host_of(url),
        "url": url,
        "hashes": F.array(*[row_hash(T.StructType([field])) for field in shared]),
    }
    return side.rows.select(*(column.alias(name) for name, column in columns.items()))


def _key(rows: DataFrame) -> Column:
    if "epoch" not in rows.columns:
        return F.col("id")
    again = F.concat(F.lit(" #"), F.col("epoch").cast("string"))
    return F.concat("id", F.when(F.col("epoch") > 0, again).otherwise(""))
