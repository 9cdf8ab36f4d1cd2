"""What dedup removed, and what it erred on, as people read it (`jobs.steps.report.dedup` has the numbers)."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

from jobs.steps.report.charts import share
from jobs.steps.report.dedup_run import DedupRun
from jobs.steps.report.markup import Html, code, joined, number, percent, table, tag


def settings(run: DedupRun, numbers: dict[str, Any]) -> Html:
    """What was compared, and how."""
    config = run.config
    rows: list[Sequence[object]] = [
        ("MinHash", f"{config.scheme}, {run.ngram}-grams of words"),
        ("threshold", config.threshold),
        ("bands", f"{run.bands} of {run.rows} rows"),
        ("check", run.check),
        ("kinds", ", ".join(config.kinds)),
        (
            "among",
            {"all": "all documents", "slice": "each slice", "snapshot": "each snapshot"}[
                config.scope
            ],
        ),
        ("buckets", ", ".join(config.buckets)),
        ("older roots", joined(map(code, config.against), ", ") or "none"),
        ("run", code(numbers["run"])),
    ]
    return table("Settings of the run", ("setting", "value"), rows, text=(0, 1))


def removed(numbers: dict[str, Any]) -> Html:
    """Documents in, and those removed by kind."""
    whole = numbers["documents"]
    counted = {**numbers["removed"], **numbers["others"], "left": numbers["left"]}
    rows = [(kind, n, share(n, whole)) for kind, n in counted.items()]
    older = sum(numbers["older"].values())
    note = None
    if older:
        note = tag("p", f"Of older roots, {older:,} documents have another survivor now.")
    return joined(
        [
            tag("h3", "Removed"),
            table(
                f"Of {whole:,} documents, those that another one stands for",
                ("kind", "documents", "share"),
                rows,
                text=(0, 2),
            ),
            note,
        ]
    )


def sizes(root: str, numbers: dict[str, Any]) -> Html:
    """Clusters by size, the largest, and those that were looked at again."""
    heading = tag("h3", "Clusters")
    if not numbers["sizes"]:
        return joined([heading, tag("p", "No document has a duplicate.")])
    documents = sum(each["documents"] for each in numbers["sizes"])
    by_size = [
        (
            f"{each['from']:,} to {each['to']:,}",
            each["clusters"],
            each["documents"],
            share(each["documents"], documents),
        )
        for each in numbers["sizes"]
    ]
    largest = [
        (
            code(each["survivor_id"]),
            each["size"],
            each["exact"],
            each["near"],
            each["simhash"],
            number(each["least_similarity"]),
            code(explain(each["survivor_id"], root)),
        )
        for each in numbers["largest"]
    ]
    head = ("survivor", "documents", "exact", "near", "simhash", "least similarity", "see why")
    return joined(
        [
            heading,
            table(
                "Sizes of clusters, the survivor among them",
                ("documents in a cluster", "clusters", "documents", "share"),
                by_size,
                text=(0, 3),
            ),
            table("The largest clusters", head, largest, text=(0, 6)),
            _oversized(numbers["oversized"], numbers["settings"]["max_cluster"]),
        ]
    )


def _oversized(clusters: Sequence[dict[str, Any]], limit: int) -> Html | None:
    if not clusters:
        return None
    rows = [
        (
            code(each["cluster_id"]),
            each["documents"],
            each["kept"],
            each["documents"] - each["kept"],
        )
        for each in clusters
    ]
    return table(
        f"Clusters above {limit:,} documents, each compared with its survivor again",
        ("smallest id", "documents", "like the survivor", "let go"),
        rows,
    )


def explain(id_: str, root: str) -> str:
    """The command that says why a document is a duplicate."""
    return f"redpajama dedup --explain {shlex.quote(id_)} --root {shlex.quote(root)}"


def slices(numbers: dict[str, Any]) -> Html | None:
    """A matrix: the slice of the removed document, and of the one that stands for it."""
    counted = {
        (each["slice"], each["survivor_slice"]): each["documents"] for each in numbers["slices"]
    }
    if not counted:
        return None
    names = sorted({name for pair in counted for name in pair})
    rows = [(name, *(counted.get((name, other), 0) for other in names)) for name in names]
    head = ("removed from", *(f"for one of {name}" for name in names))
    return joined([tag("h3", "Slices"), table("Documents removed, by slice", head, rows)])


def merges(root: str, run: DedupRun, numbers: dict[str, Any]) -> Html:
    """How alike near-duplicates truly are."""
    heading = tag("h3", "False merges")
    n = numbers["pairs"]
    unread = numbers["unread"]
    missing = tag("p", f"{unread:,} more could not be read.", class_="note") if unread else None
    if not n:
        return joined([heading, tag("p", "No near-duplicates to compare."), missing])
    threshold = run.config.threshold
    about = (
        f"{n:,} of {numbers['near']:,} near-duplicates, chosen by a keyed hash, compared with their "
        f"survivors by all {run.ngram}-grams of both texts. "
        f"Below the threshold of {threshold} are {numbers['below']:,} ({percent(numbers['below'], n)}), "
        f"below {threshold - 0.1:.2f} {numbers['far_below']:,} ({percent(numbers['far_below'], n)})."
    )
    if numbers["estimate_error"] is not None:
        about += f" The estimates err by {numbers['estimate_error']:.3f} on average."
    rows = [
        (f"{each['from']:.2f} to {each['to']:.2f}", each["pairs"], share(each["pairs"], n))
        for each in numbers["similarities"]
    ]
    lowest = [
        (
            code(pair["id"]),
            code(pair["survivor_id"]),
            number(pair["jaccard"]),
            number(pair["similarity"]),
            code(explain(pair["id"], root)),
        )
        for pair in numbers["lowest"]
    ]
    head = ("removed", "survivor", "true similarity", "estimate", "see why")
    return joined(
        [
            heading,
            tag("p", about),
            missing,
            table(
                "Near-duplicates by true similarity",
                ("true similarity", "pairs", "share"),
                rows,
                text=(0, 2),
            ),
            table("The least alike", head, lowest, text=(0, 1, 4)),
        ]
    )
