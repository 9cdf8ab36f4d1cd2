"""The section on duplicates as people read it: the numbers of `jobs.reports.dedup` as HTML."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

from jobs.reports.charts import Curve, Point, line_key, point_key, share, unit_chart
from jobs.reports.dedup_run import DedupRun
from jobs.reports.markup import Html, code, details, joined, percent, table, tag

FEW = 5
"""Pairs below which a measured share is not drawn."""


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
    gone = sum(numbers["removed"].values())
    rows = [(kind, n, share(n, whole)) for kind, n in numbers["removed"].items()]
    rows.append(("left", whole - gone, share(whole - gone, whole)))
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


def recall(run: DedupRun, numbers: dict[str, Any] | None) -> Html:
    """How many of the planted near-duplicates are found, on the curve of the theory."""
    heading = tag("h3", "Recall")
    if numbers is None:
        return joined([heading, tag("p", "Near-duplicates were not looked for.")])
    if not numbers["all"]["pairs"]:
        why = "No document that takes part has a signature, so nothing can be planted."
        return joined([heading, tag("p", why), _figure(run, numbers)])
    n = numbers["documents"]
    about = (
        f"Of {n:,} documents, chosen by a keyed hash, copies were made with a share of their words "
        "replaced by words of other documents. A copy is found if its signature shares a band with "
        "that of the document and passes the check. Expected is what the theory gives for the true "
        "similarity of each pair; by chance alone the difference is within ± the last column in 95 % "
        "of such samples."
    )
    rows = [(f"{100 * each['rate']:.0f} %", *_measured(each)) for each in numbers["rates"]]
    rows.append(("all", *_measured(numbers["all"])))
    head = ("words replaced", *_MEASURED)
    by_similarity = [
        (f"{each['from']:.2f} to {each['to']:.2f}", *_measured(each))
        for each in numbers["similarities"]
    ]
    parts = [
        heading,
        tag("p", about),
        tag("p", _headline(run, numbers["above"], numbers["below"])),
        table("Planted near-duplicates, found and expected", head, rows),
        _figure(run, numbers),
        details(
            "The points as a table",
            table("By true similarity", ("true similarity", *_MEASURED), by_similarity),
        ),
        _stored(numbers["stored"]),
    ]
    return joined(parts)


def _headline(run: DedupRun, above: dict[str, Any], below: dict[str, Any]) -> str:
    """How the planted pairs fare that should be found, and those that should not."""
    told = []
    for each, where in ((above, "at or above"), (below, "below")):
        if each["pairs"]:
            told.append(
                f"Of {each['pairs']:,} pairs whose true similarity is {where} the threshold of "
                f"{run.config.threshold}, {each['found']:,} were found: {percent(each['recall'])}, "
                f"expected {percent(each['expected'])}."
            )
    return " ".join(told)


_MEASURED = (
    "pairs",
    "mean true similarity",
    "found",
    "recall",
    "expected",
    "difference",
    "chance ±",
)


def _measured(each: dict[str, Any]) -> tuple[object, ...]:
    return (
        each["pairs"],
        number(each["jaccard"]),
        each["found"],
        percent(each["recall"]),
        percent(each["expected"]),
        f"{100 * each['difference']:+.1f} %",
        percent(each["chance"]),
    )


def _figure(run: DedupRun, numbers: dict[str, Any]) -> Html:
    title = (
        f"Probability to be found against true similarity, {run.bands} bands of {run.rows} rows; "
        "the same numbers are in the tables beside it"
    )
    curves = [Curve("share a band", [(s, p) for s, p, _ in numbers["curve"]], dashed=True)]
    checked = run.config.verify != "none"
    if checked:
        curves.append(Curve("and pass the check", [(s, p) for s, _, p in numbers["curve"]]))
    points = [_point(each) for each in numbers["similarities"] if each["pairs"] >= FEW]
    threshold = run.config.threshold
    chart = unit_chart(
        title,
        ("true Jaccard similarity", "probability"),
        curves,
        points,
        (threshold, f"threshold {threshold}"),
    )
    key = [tag("li", line_key(curve.dashed), curve.label) for curve in curves]
    key.append(tag("li", point_key(), "measured, with its 95 % interval"))
    at = [round(threshold + step / 20, 2) for step in range(-4, 4)]
    rows = [(f"{s:.2f}", percent(p), percent(q)) for s, p, q in numbers["curve"] if s in at]
    expected = table(
        "Expected around the threshold",
        ("true similarity", "share a band", "and pass the check"),
        rows,
    )
    return joined([tag("figure", chart, tag("ul", *key, class_="key")), expected])


def _point(each: dict[str, Any]) -> Point:
    low, high = interval(each["found"], each["pairs"])
    title = f"{each['found']:,} of {each['pairs']:,} at {each['jaccard']:.3f}"
    return Point(each["jaccard"], each["recall"], low, high, title)


def interval(found: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (Wilson: Probable inference, 1927)."""
    z = 1.96
    share, scale = found / of, 1 + z * z / of
    middle = (share + z * z / (2 * of)) / scale
    half = z / scale * (share * (1 - share) / of + z * z / (4 * of * of)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def _stored(stored: dict[str, int]) -> Html | None:
    if not stored["compared"]:
        return None
    told = f"{stored['equal']:,} of {stored['compared']:,}"
    if stored["equal"] == stored["compared"]:
        return tag("p", f"Signatures made anew equal those in annotated/: {told}.", class_="soft")
    why = f"Signatures made anew differ from those in annotated/: only {told} are equal."
    return tag("p", why, class_="note")


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


def number(value: float | None) -> str:
    """A similarity; a dash where there is none."""
    return "–" if value is None else f"{value:.3f}"
