"""Tables about dedup: settings, removals, clusters and false merges."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from jobs.steps.report.charts import share
from jobs.steps.report.dedup_run import DedupRun
from jobs.steps.report.markup import code, joined, number, percent, table, tag
from jobs.storage.public_names import public_name

_WORDS = {"script": "words by script", "blanks": "words between blanks"}
_SCOPES = {"all": "all documents", "slice": "each slice", "snapshot": "each snapshot"}


def settings(run: DedupRun, numbers: dict[str, Any]) -> Markup:
    """Return the settings of the run."""
    config = run.config
    rows: list[Sequence[object]] = [
        (
            "MinHash scheme",
            f"{config.scheme}, over {run.shingling.ngram}-grams of {_WORDS[run.shingling.words]}",
        ),
        ("threshold", config.threshold),
        ("bands", f"{run.bands} of {run.rows} rows"),
        ("verification", run.verification),
        (
            "contained in the survivor",
            f"{config.min_contained} or more" if config.checks_contained else "not checked",
        ),
        ("kept of a cluster", {"best": "the best document", "none": "none"}[config.keep]),
        ("kinds", ", ".join(config.kinds)),
        ("versions of a page", "all" if config.per_url == "all" else f"the {config.per_url}"),
        ("scope", _SCOPES[config.scope]),
        ("buckets", ", ".join(config.buckets)),
        ("earlier roots", joined(map(code, map(public_name, config.against)), ", ") or "none"),
        ("run", code(numbers["run"])),
    ]
    return table("Settings of the run", ("setting", "value"), rows, text=(0, 1))


def removed(numbers: dict[str, Any]) -> Markup:
    """Return the documents removed by kind, and the remaining ones."""
    whole = numbers["documents"]
    kinds = {f"{kind} duplicates": n for kind, n in numbers["removed"].items()}
    counts = {**kinds, **numbers["others"], "remaining": numbers["left"]}
    rows = [(kind, n, share(n, whole)) for kind, n in counts.items()]
    older = sum(numbers["older"].values())
    notes = []
    if older:
        notes.append(tag("p", f"{older:,} documents of earlier roots have a new survivor."))
    if numbers["unlike"]:
        stay = "near-duplicates stay, because their survivors have too little of their text"
        notes.append(tag("p", f"{numbers['unlike']:,} {stay}."))
    caption = f"Removed and remaining of {whole:,} documents"
    return joined(
        [
            tag("h3", "Removals"),
            table(caption, ("kind", "documents", "share"), rows, text=(0, 2)),
            *notes,
        ]
    )


def sizes(root: str, numbers: dict[str, Any]) -> Markup:
    """Return clusters by size, the largest ones, and those above the limit."""
    heading = tag("h3", "Clusters")
    if not numbers["sizes"]:
        return joined([heading, tag("p", "No document has a duplicate.")])
    documents = sum(row["documents"] for row in numbers["sizes"])
    by_size = [
        (
            f"{row['from']:,} to {row['to']:,}",
            row["clusters"],
            row["documents"],
            share(row["documents"], documents),
        )
        for row in numbers["sizes"]
    ]
    largest = [
        (
            code(cluster["survivor_id"]),
            cluster["size"],
            cluster["exact"],
            cluster["near"],
            cluster["simhash"],
            cluster["part"],
            cluster["version"],
            number(cluster["least_similarity"]),
            code(explain(cluster["survivor_id"], root)),
        )
        for cluster in numbers["largest"]
    ]
    kinds = ("exact", "near", "simhash", "answer or prompt", "same page")
    head = ("survivor", "documents", *kinds, "lowest similarity", "evidence")
    return joined(
        [
            heading,
            table(
                "Clusters by size, the survivor included",
                ("size", "clusters", "documents", "share"),
                by_size,
                text=(0, 3),
            ),
            table("The largest clusters", head, largest, text=(0, 8)),
            _oversized(numbers["oversized"], numbers["settings"]["max_cluster"]),
        ]
    )


def _oversized(clusters: Sequence[dict[str, Any]], limit: int) -> Markup | None:
    if not clusters:
        return None
    rows = [
        (
            code(cluster["cluster_id"]),
            cluster["documents"],
            cluster["kept"],
            cluster["documents"] - cluster["kept"],
        )
        for cluster in clusters
    ]
    return table(
        f"Clusters of more than {limit:,} documents, whose members were compared with the survivor",
        ("cluster (smallest id)", "documents", "similar to the survivor", "not similar"),
        rows,
    )


def explain(id_: str, root: str) -> str:
    """Return the command that shows why a document is a duplicate, or its duplicates."""
    return f"redpajama dedup --explain {shlex.quote(id_)} --root {shlex.quote(root)}"


def slices(numbers: dict[str, Any]) -> Markup | None:
    """Return a matrix of duplicates: their slice by the survivor's slice."""
    counts = {(row["slice"], row["survivor_slice"]): row["documents"] for row in numbers["slices"]}
    if not counts:
        return None
    names = sorted({name for pair in counts for name in pair})
    rows = [(name, *(counts.get((name, other), 0) for other in names)) for name in names]
    head = ("removed from", *(f"survivor in {name}" for name in names))
    caption = "Removed documents by their slice and by the slice of the survivor"
    return joined([tag("h3", "Removals by slice"), table(caption, head, rows)])


def merges(root: str, run: DedupRun, numbers: dict[str, Any]) -> Markup:
    """Return the true similarity of near-duplicates and their survivors."""
    heading = tag("h3", "False merges")
    n = numbers["pairs"]
    unread = numbers["unread"]
    missing = None
    if unread:
        missing = tag("p", f"The texts of {unread:,} more pairs could not be read.", class_="note")
    if not n:
        return joined([heading, tag("p", "No near-duplicates to compare."), missing])
    threshold = run.config.threshold
    below, far_below = numbers["below"], numbers["far_below"]
    about = (
        f"The texts of {n:,} of {numbers['near']:,} near-duplicates, sampled by a keyed hash, were "
        f"compared with those of their survivors by all {run.shingling.ngram}-grams. The true similarity of "
        f"{below:,} ({percent(below, n)}) is below the threshold of {threshold}, and that of "
        f"{far_below:,} ({percent(far_below, n)}) below {threshold - 0.1:.2f}."
    )
    if numbers["estimate_error"] is not None:
        about += f" The mean absolute error of the estimates is {numbers['estimate_error']:.3f}."
    rows = [
        (f"{row['from']:.2f} to {row['to']:.2f}", row["pairs"], share(row["pairs"], n))
        for row in numbers["similarities"]
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
    head = ("duplicate", "survivor", "true similarity", "estimate", "evidence")
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
            table("The least similar pairs", head, lowest, text=(0, 1, 4)),
        ]
    )
