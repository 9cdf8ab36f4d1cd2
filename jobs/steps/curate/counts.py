"""Count the documents that a run of curate drops, by reason, and those that it keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.steps.curate.notices import Group
from jobs.steps.curate.rules import ON_LISTS, Plan, judged, reason_of, reason_of_list
from jobs.tables import few_rows, file_scan
from jobs.tables.manifest import Folder
from jobs.tables.runs import Record
from jobs.tables.table_handle import TableHandle
from schemas.pii import PII_KINDS

_OF_PASSAGES = {
    "passage_characters": "documents_with_passages",
    "cut_characters": "cut_documents",
}
"""Columns of corpus/, and what their documents are counted as."""


@dataclass(frozen=True)
class Outlook:
    """Counts before the texts are read.

    Attributes
    ----------
    reasons
        Dropped documents, by reason.
    characters
        Characters of all documents.
    tokens
        Tokens of all documents; None where annotate has not counted all with the same tokenizer.
    kept
        Characters of the kept documents, by slice and bucket.
    unknown
        Documents that a rule cannot judge, since a signal is missing, by the rule's name.
    blocklists
        For each block list its name, its entries, the documents that are on it, and those of them that
        it drops; the others are dropped under an earlier reason.
    languages
        Documents by slice and language.
    dropped
        Documents that a rule drops, by its name, slice and language.
    """

    reasons: dict[str, int]
    characters: int
    tokens: int | None
    kept: dict[tuple[str, str], int]
    unknown: dict[str, int]
    blocklists: list[dict[str, Any]]
    languages: dict[Group, int]
    dropped: dict[tuple[str, Group], int]


def outlook(rows: DataFrame, plan: Plan, excluded: DataFrame, *, tokenizer: str) -> Outlook:
    """Count what happens to some rows of annotated/.

    Parameters
    ----------
    excluded
        `Exclusions.reasons`; they count for documents that the plan keeps.
    tokenizer
        Version of the tokenizer that counts the tokens of the corpus.
    """
    tokens = F.when(F.col("tokenizer") == tokenizer, F.col("token_count"))
    flags = [rule.is_unknown.alias(f"unknown-{i}") for i, rule in enumerate(plan.rules)]
    flags += [
        F.array_contains(ON_LISTS, blocklist.name).alias(f"list-{i}")
        for i, blocklist in enumerate(plan.lists)
    ]
    judgements = judged(rows, plan, tokens.alias("tokens"), *flags).join(excluded, "id", "left")
    reason = F.coalesce("reason", "exclusion_reason").alias("reason")
    groups = judgements.groupBy("slice", "bucket", "language", reason)
    sums = groups.agg(
        F.count("*").alias("n"),
        F.sum("length").cast("long").alias("characters"),
        F.count("tokens").alias("counted"),
        F.sum("tokens").alias("tokens"),
        *(F.count_if(f"`unknown-{i}`").alias(f"unknown-{i}") for i in range(len(plan.rules))),
        *(F.count_if(f"`list-{i}`").alias(f"list-{i}") for i in range(len(plan.lists))),
    )
    reasons, unknown, on_list = Counter[str](), Counter[str](), Counter[str]()
    languages, dropped = Counter[Group](), Counter[tuple[str, Group]]()
    names = {reason_of(rule): rule.name for rule in plan.rules}
    kept = Counter[tuple[str, str]]()
    characters = tokens_in = counted = 0
    # sorted here: a sort of Spark's takes one more job
    for row in sorted(sums.collect(), key=lambda row: row["reason"] or ""):
        characters += row["characters"] or 0
        tokens_in += row["tokens"] or 0
        counted += row["counted"]
        if row["reason"] is None:
            kept[row["slice"], row["bucket"]] += row["characters"] or 0
        else:
            reasons[row["reason"]] += row["n"]
        group = row["slice"], row["language"]
        languages[group] += row["n"]
        if row["reason"] in names:
            dropped[names[row["reason"]], group] += row["n"]
        for i, rule in enumerate(plan.rules):
            unknown[rule.name] += row[f"unknown-{i}"]
        for i, blocklist in enumerate(plan.lists):
            on_list[blocklist.name] += row[f"list-{i}"]
    return Outlook(
        dict(reasons),
        characters,
        tokens_in if counted == sum(languages.values()) else None,
        dict(kept),
        {name: n for name, n in unknown.items() if n},
        _lists(plan, reasons, on_list),
        dict(languages),
        dict(dropped),
    )


def _lists(plan: Plan, reasons: Counter[str], on_list: Counter[str]) -> list[dict[str, Any]]:
    """Return what is counted of each block list."""
    return [
        {
            "list": blocklist.name,
            "entries": blocklist.entries,
            "documents": on_list[blocklist.name],
            "dropped": reasons[reason_of_list(blocklist.name)],
        }
        for blocklist in plan.lists
    ]


def kept(record: Record, corpus: TableHandle, folder: Folder, characters: int | None) -> None:
    """Record sums of the kept documents by slice and bucket, and of replacements and evidence.

    Parameters
    ----------
    characters
        Characters of all kept documents before passages are cut; None if replacements have changed them,
        so that the texts must be read once more.
    """
    if characters is not None and few_rows.are_few([folder]):
        groups = _of_few(corpus, folder)
    else:
        groups = _of_many(corpus.read_folders([folder]), with_lengths=characters is None)
    if characters is None:
        characters = sum(row["characters"] for row in groups)
    else:
        characters -= sum(row["cut_characters"] or 0 for row in groups)
    record.characters_out = characters
    record.tokens_out = sum(row["tokens"] for row in groups)
    record.details["strata"] = [
        {"stratum": f"{row['slice']} {row['bucket']}"}
        | {name: row[name] for name in ("documents", "tokens")}
        for row in groups
    ]
    for name in (*PII_KINDS, "contaminated", *_OF_PASSAGES, *_OF_PASSAGES.values()):
        total = sum(row[name] or 0 for row in groups)
        if total:
            record.details[name] = total
    replaced = _replaced(groups)
    if replaced:
        record.details["replaced"] = replaced


def _of_many(corpus: DataFrame, *, with_lengths: bool) -> list[dict[str, Any]]:
    """Return sums of the kept documents by slice and bucket."""
    lengths = F.length("text") if with_lengths else F.lit(0)
    sums = corpus.groupBy("slice", "bucket").agg(
        F.count("*").alias("documents"),
        F.sum(lengths).cast("long").alias("characters"),
        F.sum("token_count").alias("tokens"),
        F.count("contamination").alias("contaminated"),
        *(F.sum(kind).alias(kind) for kind in PII_KINDS),
        *(F.count_if(F.col(kind) > 0).alias(f"documents-{kind}") for kind in PII_KINDS),
        *(F.sum(name).alias(name) for name in _OF_PASSAGES),
        *(F.count_if(F.col(name) > 0).alias(of) for name, of in _OF_PASSAGES.items()),
    )
    groups = [row.asDict() for row in sums.collect()]
    return sorted(groups, key=lambda row: (row["slice"], row["bucket"]))


def _of_few(corpus: TableHandle, folder: Folder) -> list[dict[str, Any]]:
    """Return the same sums without characters, from columns that this process reads."""
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for file in folder.files:
        parts = dict(part.split("=", 1) for part in file.path.split("/") if "=" in part)
        slice_, bucket = parts["slice"], parts["bucket"]
        empty = {"slice": slice_, "bucket": bucket, "contaminated": 0, "documents": 0, "tokens": 0}
        empty |= dict.fromkeys(PII_KINDS) | {f"documents-{kind}": 0 for kind in PII_KINDS}
        empty |= dict.fromkeys((*_OF_PASSAGES, *_OF_PASSAGES.values()), 0)
        group = groups.setdefault((slice_, bucket), empty)
        names = ("token_count", "contamination", *PII_KINDS, *_OF_PASSAGES)
        for batch in file_scan.batches(corpus.uri(file.path), names):
            columns = dict(zip(batch.schema.names, batch.columns, strict=True))
            group["documents"] += batch.num_rows
            group["tokens"] += pc.sum(columns["token_count"]).as_py() or 0
            if "contamination" in columns:
                group["contaminated"] += batch.num_rows - columns["contamination"].null_count
            for name, of in _OF_PASSAGES.items():
                if name in columns:
                    group[name] += pc.sum(columns[name]).as_py() or 0
                    group[of] += pc.sum(pc.greater(columns[name], 0)).as_py() or 0
            for kind in PII_KINDS:
                total = pc.sum(columns[kind]).as_py() if kind in columns else None
                if total is not None:
                    group[kind] = (group[kind] or 0) + total
                    group[f"documents-{kind}"] += pc.sum(pc.greater(columns[kind], 0)).as_py()
    return [group for _, group in sorted(groups.items())]


def _replaced(groups: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what was replaced, and in how many documents, by slice and kind."""
    counts: dict[tuple[str, str], list[int]] = {}
    for row in groups:
        for kind in PII_KINDS:
            if row[kind] is not None:
                count = counts.setdefault((row["slice"], kind), [0, 0])
                count[0] += row[f"documents-{kind}"]
                count[1] += row[kind]
    return [
        {"slice": slice_, "kind": kind, "documents": documents, "replaced": n}
        for (slice_, kind), (documents, n) in counts.items()
    ]
