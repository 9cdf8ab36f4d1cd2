"""Tables and curves of recall, measured with planted near duplicates (`jobs.steps.report.recall` counts)."""

from __future__ import annotations

from typing import Any

from jobs.steps.report.charts import Curve, Point, line_key, point_key, unit_chart
from jobs.steps.report.dedup_run import DedupRun
from jobs.steps.report.markup import Html, details, joined, number, percent, table, tag

FEW = 5
"""Pairs below which a measured share is not drawn."""


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
        "of such samples, of documents that have little text in common."
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
        signed(each["difference"]),
        percent(each["chance"]),
    )


def signed(share: float) -> str:
    """A difference of shares; what rounds to nothing has no sign."""
    told = f"{100 * share:+.1f} %"
    return told[1:] if told[1:] == "0.0 %" else told


def _figure(run: DedupRun, numbers: dict[str, Any]) -> Html:
    title = (
        f"Probability to be found against true similarity, {run.bands} bands of {run.rows} rows; "
        "the same numbers are in the tables beside it"
    )
    curves = [Curve("share a band", [(s, p) for s, p, _ in numbers["curve"]], dashed=True)]
    if run.config.verify != "none":
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
    rows = [
        (f"{s:.2f}", *(percent(chance) for chance in chances[: len(curves)]))
        for s, *chances in numbers["curve"]
        if s in at
    ]
    head = ("true similarity", *(curve.label for curve in curves))
    expected = table("Expected around the threshold", head, rows)
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
