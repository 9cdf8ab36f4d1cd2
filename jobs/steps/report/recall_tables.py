"""Tables and a chart of the recall measured on planted near-duplicates."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from jobs.steps.report.charts import Curve, Point, line_key, point_key, unit_chart
from jobs.steps.report.dedup_run import DedupRun
from jobs.steps.report.markup import code, details, joined, number, percent, table, tag
from jobs.steps.report.recall import FEW
from udfs.proportions import wilson

MIN_PAIRS = 5
"""Minimum number of pairs of a point in the chart."""


def recall(run: DedupRun, numbers: dict[str, Any] | None) -> Markup:
    """Return the measured and the expected recall of planted near-duplicates."""
    heading = tag("h3", "Recall")
    if numbers is None:
        return joined([heading, tag("p", "Dedup ran without the kind near.")])
    if not numbers["all"]["pairs"]:
        reason = "No compared document has a signature, so no near-duplicates can be planted."
        return joined([heading, tag("p", reason), _figure(run, numbers)])
    n = numbers["documents"]
    about = (
        f"Near-duplicates of {n:,} documents, sampled by a keyed hash, were planted: copies with a "
        "share of their words replaced by words of other documents (a character is a word in scripts "
        "without blanks between words). A copy is found if its signature "
        "shares a band with the document's and the pair passes verification. The expected recall "
        "follows from the true similarity of each pair; in 95\N{NO-BREAK SPACE}% of samples of documents "
        "without common text, the difference is within ± the value of the last column."
    )
    rows = [(percent(row["rate"], digits=0), *_measured(row)) for row in numbers["rates"]]
    rows.append(("all", *_measured(numbers["all"])))
    head = ("words replaced", *_MEASURED)
    by_similarity = [
        (f"{row['from']:.2f} to {row['to']:.2f}", *_measured(row))
        for row in numbers["similarities"]
    ]
    parts = [
        heading,
        tag("p", about),
        tag("p", _headline(run, numbers["above"], numbers["below"])),
        table("Recall of planted near-duplicates, by share of words replaced", head, rows),
        _by_name("language", numbers["languages"]),
        _by_name("script", numbers["scripts"]),
        table(
            "Recall by other edits",
            ("edit", *_MEASURED),
            [(row["edit"], *_measured(row)) for row in numbers["edits"]],
        ),
        _figure(run, numbers),
        details(
            "The points of the chart as a table",
            table("Recall by true similarity", ("true similarity", *_MEASURED), by_similarity),
        ),
        _stored(numbers["stored"]),
        _templates(numbers["templates"], n),
    ]
    return joined(parts)


def _templates(numbers: dict[str, Any], documents: int) -> Markup:
    """Return how many of the sampled documents are templated, and examples."""
    heading = tag("h3", "Templated documents")
    found = numbers["documents"]
    about = (
        f"{found:,} of the {documents:,} sampled documents share half of their 3-grams with many others: "
        "an equal frame around other data. They are near-duplicates only where the data are a small part."
    )
    if not found:
        return joined([heading, tag("p", about)])
    rows = [
        (code(row["id"]), percent(row["shared"]), row["like"], row["frame"])
        for row in numbers["examples"]
    ]
    head = ("document", "3-grams that many have", "documents like it", "frame")
    return joined([heading, tag("p", about), table("Templates", head, rows, text=(0, 3))])


def _by_name(kind: str, rows: list[dict[str, Any]]) -> Markup:
    """Return the recall by language or script, with its interval."""
    cells = []
    for row in rows:
        low, high = wilson(row["found"], row["pairs"])
        between = f"{percent(low)} to {percent(high)}"
        cells.append((row[kind] or "unknown", *_measured(row), between))
    caption = (
        f"Recall by {kind}, of copies with at most {percent(FEW, digits=0)} of the words replaced"
    )
    return table(caption, (kind, *_MEASURED, "95 % interval"), cells)


def _headline(run: DedupRun, above: dict[str, Any], below: dict[str, Any]) -> str:
    """Return the shares found of pairs at or above the threshold, and of pairs below it."""
    sentences = []
    for counts, where in ((above, "at or above"), (below, "below")):
        if counts["pairs"]:
            sentences.append(
                f"{counts['found']:,} of {counts['pairs']:,} pairs with a true similarity {where} the "
                f"threshold of {run.config.threshold} were found: {percent(counts['recall'])}, "
                f"expected {percent(counts['expected'])}."
            )
    return " ".join(sentences)


_MEASURED = (
    "pairs",
    "mean true similarity",
    "found",
    "recall",
    "expected",
    "difference",
    "chance ±",
)


def _measured(counts: dict[str, Any]) -> tuple[object, ...]:
    return (
        counts["pairs"],
        number(counts["jaccard"]),
        counts["found"],
        percent(counts["recall"]),
        percent(counts["expected"]),
        signed(counts["difference"]),
        percent(counts["chance"]),
    )


def signed(share: float) -> str:
    """Return a difference of shares in percent, with its sign; a rounded zero has none."""
    text = percent(abs(share))
    if text == percent(0.0):
        return text
    return f"{'+' if share > 0 else '-'}{text}"


def _figure(run: DedupRun, numbers: dict[str, Any]) -> Markup:
    title = (
        f"Probability of being found by true similarity, {run.bands} bands of {run.rows} rows; "
        "the tables around the chart have the same numbers"
    )
    curves = [Curve("share a band", [(s, p) for s, p, _ in numbers["curve"]], dashed=True)]
    if run.config.verify != "none":
        curves.append(
            Curve("share a band and pass verification", [(s, p) for s, _, p in numbers["curve"]])
        )
    points = [_point(row) for row in numbers["similarities"] if row["pairs"] >= MIN_PAIRS]
    threshold = run.config.threshold
    chart = unit_chart(
        title,
        ("true Jaccard similarity", "probability"),
        curves,
        points,
        (threshold, f"threshold {threshold}"),
    )
    legend = [tag("li", line_key(curve.dashed), curve.label) for curve in curves]
    legend.append(
        tag("li", point_key(), "measured recall, with its 95\N{NO-BREAK SPACE}% interval")
    )
    similarities = [round(threshold + step / 20, 2) for step in range(-4, 4)]
    rows = [
        (f"{s:.2f}", *map(percent, probabilities[: len(curves)]))
        for s, *probabilities in numbers["curve"]
        if s in similarities
    ]
    head = ("true similarity", *(curve.label for curve in curves))
    expected = table("Expected probability around the threshold", head, rows)
    return joined([tag("figure", chart, tag("ul", *legend, class_="key")), expected])


def _point(counts: dict[str, Any]) -> Point:
    low, high = wilson(counts["found"], counts["pairs"])
    title = f"{counts['found']:,} of {counts['pairs']:,} at {counts['jaccard']:.3f}"
    return Point(counts["jaccard"], counts["recall"], low, high, title)


def _stored(stored: dict[str, int]) -> Markup | None:
    if not stored["compared"]:
        return None
    counts = f"{stored['equal']:,} of {stored['compared']:,}"
    text = f"{counts} signatures in annotated/ equal those computed again from the texts."
    return tag("p", text, class_="soft" if stored["equal"] == stored["compared"] else "note")
