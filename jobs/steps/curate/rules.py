"""What one run of curate decides by, and the reason under which a document is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.curate import blocklists, filters
from jobs.steps.curate.blocklists import Given, Stored
from jobs.steps.curate.filters import Rule
from schemas.settings.curate import CurateConfig


@dataclass(frozen=True)
class Plan:
    """What a run decides by before it looks at duplicates.

    Attributes
    ----------
    lists
        The block lists, as `stored` has them for the workers; none before that.
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
        """The plan of an earlier run, whose filter sets may have changed since.

        Parameters
        ----------
        inputs
            Of that run, which has what `inputs` gave.
        """
        rules = tuple(Rule.from_dict(each) for each in inputs.get("rules", ()))
        return cls(config.buckets, rules, tuple(blocklists.find(config.blocklists)))

    def stored(self, context: Context, folder: str) -> Plan:
        """The plan with its block lists in a folder that all workers can read."""
        lists = blocklists.store(context, self.given, folder)
        return Plan(self.buckets, self.rules, self.given, tuple(lists))

    def inputs(self) -> dict[str, Any]:
        """All that it decides by, for a run's record and digest; nothing where that is nothing."""
        said = {
            "rules": [rule.to_dict() for rule in self.rules],
            "blocklists": [each.to_dict() for each in self.given],
        }
        return {name: values for name, values in said.items() if values}


def judged(rows: DataFrame, plan: Plan, *more: Column | str) -> DataFrame:
    """Rows of annotated/ with the `reason` for which each is left out; null for what stays.

    Duplicates and contaminated documents, which other tables tell of, are not looked at.

    Parameters
    ----------
    more
        Columns to add, which may name signals as rules do.
    """
    known = filters.with_signals(rows, plan.rules)
    flags, names = flags_and_names(plan)
    # not `coalesce` of `when`: Spark takes long to look for what many conditions have in common
    place = F.array_position(flags, F.lit(True)) - 1
    reason = F.get(names, place.cast("int"))
    return known.select(*rows.columns, reason.alias("reason"), *more)


def flags_and_names(plan: Plan) -> tuple[Column, Column]:
    """Two arrays: whether each reason holds for a document, and what it is called.

    In the order in which they count: the bucket, the rules, the block lists.
    """
    wanted = F.col("bucket").isin(*plan.buckets)
    flags, names = [~wanted], [F.concat(F.lit("bucket:"), "bucket")]
    for rule in plan.rules:
        flags.append(rule.drops)
        names.append(F.lit(reason_of(rule)))
    if plan.lists:
        blocked = blocklists.blocked_by(plan.lists)
        flags.append(blocked.isNotNull())
        names.append(F.concat(F.lit("blocklist:"), blocked))
    return F.array(*flags), F.array(*names)


def reason_of(rule: Rule) -> str:
    """What a run counts the documents under that a rule drops."""
    return f"filter:{rule.name}"
