"""The rules of a run of curate, and the reason under which they drop a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.curate import blocklists, filters, rule_columns
from jobs.steps.curate.blocklists import Given, Stored
from jobs.steps.curate.filters import Rule
from schemas.settings.curate import CurateConfig

ON_LISTS = "on_lists"
"""Column of `judged`: the names of the block lists that a document is on."""


@dataclass(frozen=True)
class Plan:
    """Buckets, rules and block lists: all that drops a document but other tables.

    Attributes
    ----------
    lists
        The block lists in the form that workers read, after `stored`; empty before.
    """

    buckets: tuple[str, ...]
    rules: tuple[Rule, ...]
    given: tuple[Given, ...] = ()
    lists: tuple[Stored, ...] = ()

    @classmethod
    def of(cls, config: CurateConfig) -> Plan:
        """Read the filter sets and find the block lists that the settings name."""
        rules = filters.load(config.filters, config.where)
        return cls(config.buckets, tuple(rules), tuple(blocklists.find(config.blocklists)))

    @classmethod
    def again(cls, config: CurateConfig, inputs: Mapping[str, Any]) -> Plan:
        """Return the plan of an earlier run, whose filter sets may have changed since.

        Parameters
        ----------
        inputs
            Inputs in that run's record, with those that `inputs` returned.
        """
        rules = tuple(Rule.from_dict(rule) for rule in inputs.get("rules", ()))
        return cls(config.buckets, rules, tuple(blocklists.find(config.blocklists)))

    def stored(self, context: Context, folder: str) -> Plan:
        """Store the block lists in a folder that all workers can read; return the plan with them."""
        lists = blocklists.store(context, self.given, folder)
        return Plan(self.buckets, self.rules, self.given, tuple(lists))

    def inputs(self) -> dict[str, Any]:
        """Return the rules and block lists for a run's record and digest; omit what is empty."""
        inputs = {
            "rules": [rule.to_dict() for rule in self.rules],
            "blocklists": [given.to_dict() for given in self.given],
        }
        return {name: values for name, values in inputs.items() if values}


def judged(rows: DataFrame, plan: Plan, *more: Column | str) -> DataFrame:
    """Return rows of annotated/ with the `reason` that drops each; null for documents that stay.

    Duplicates and contaminated documents are in other tables and have no reason here.

    Parameters
    ----------
    more
        Columns to add; they may name signals, as rules do, and `ON_LISTS`.
    """
    known = rule_columns.with_signals(rows, plan.rules)
    if plan.lists:
        known = known.withColumn(ON_LISTS, blocklists.holding(plan.lists))
    flags, names = flags_and_names(plan)
    # not `coalesce` of `when`: Spark takes long to look for what many conditions have in common
    position = F.array_position(flags, F.lit(True)) - 1
    reason = F.get(names, position.cast("int"))
    return known.select(*rows.columns, reason.alias("reason"), *more)


def flags_and_names(plan: Plan) -> tuple[Column, Column]:
    """Return two arrays: whether each reason holds for a document of `judged`, and the reasons' names.

    The first that holds counts. The order is the bucket, the rules, the block lists.
    """
    wanted = F.col("bucket").isin(*plan.buckets)
    flags, names = [~wanted], [F.concat(F.lit("bucket:"), "bucket")]
    for rule in plan.rules:
        flags.append(rule.drops)
        names.append(F.lit(reason_of(rule)))
    for blocklist in plan.lists:
        flags.append(F.array_contains(ON_LISTS, blocklist.name))
        names.append(F.lit(reason_of_list(blocklist.name)))
    return F.array(*flags), F.array(*names)


def reason_of(rule: Rule) -> str:
    """Return the reason under which a run counts the documents that a rule drops."""
    return f"filter:{rule.name}"


def reason_of_list(name: str) -> str:
    """Return the reason under which a run counts the documents that a block list drops."""
    return f"blocklist:{name}"
