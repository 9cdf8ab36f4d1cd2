"""A comparison as sections of a page."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from jobs.steps.compare.comparison import Comparison, equality, value
from jobs.steps.compare.rows import STATES, WENT
from jobs.steps.report.markup import code, joined, table, tag
from jobs.steps.report.section import Section


def sections(comparison: Comparison) -> Iterator[Section]:
    """Yield the sections: the result, groups, reasons, causes and examples."""
    yield Section("documents", "Documents", _documents(comparison))
    if any(comparison.reasons.values()):
        yield Section("reasons", "Reasons", _reasons(comparison))
    if comparison.causes:
        yield Section("causes", "Runs", _causes(comparison))
    if comparison.examples:
        yield Section("examples", "First documents that differ", _examples(comparison))


def _documents(comparison: Comparison) -> Markup:
    sides = [
        (name, code(side), code(hash_) if hash_ else "not known")
        for name, side, hash_ in zip(
            ("before", "after"), comparison.names, comparison.hashes, strict=True
        )
    ]
    states = comparison.counts.states
    parts = [
        tag("p", "All documents are equal." if comparison.is_equal else None),
        table("The two sides.", ["", "what", "content hash"], sides, text=(0, 1, 2)),
        table(
            f"Documents of {comparison.table}, by what happened to them.",
            ["", *STATES],
            [("all", *(states[state] for state in STATES))],
        ),
    ]
    for group in comparison.counts.groups:
        rows = [(name or "–", *(n[state] for state in STATES)) for name, n in group.rows.items()]
        rows += [("others", *(group.others[state] for state in STATES))] if group.others else []
        if len(rows) > 1 or (rows and rows[0][0] != "–"):
            parts.append(table(f"By {group.name}.", [group.name, *STATES], rows))
    if comparison.counts.columns:
        rows_of_columns = list(comparison.counts.columns.items())
        parts.append(
            table("Columns of changed documents.", ["column", "documents"], rows_of_columns)
        )
    return joined(parts)


def _reasons(comparison: Comparison) -> Markup:
    captions = dict.fromkeys(STATES, "What came, by what the root before says of it.")
    captions[WENT] = "What went, by what the root after says of it."
    return joined(
        table(captions[state], ["reason", "documents"], list(counts.items()))
        for state, counts in comparison.reasons.items()
        if counts
    )


def _causes(comparison: Comparison) -> Markup:
    rows = [(cause.table, *cause.rows, equality(cause)) for cause in comparison.causes]
    differences = [
        (cause.table, name, value(old), value(new))
        for cause in comparison.causes
        for name, old, new in cause.differences
    ]
    head = ["table", "setting, input or version", "before", "after"]
    return joined(
        [
            table(
                "Rows of the tables.", ["table", "before", "after", "rows are"], rows, text=(0, 3)
            ),
            table("What the runs do not share.", head, differences, text=(0, 1, 2, 3))
            if differences
            else tag("p", "The runs had the same inputs, settings and versions."),
        ]
    )


def _examples(comparison: Comparison) -> Markup:
    rows = [
        (code(e.id), e.state, ", ".join(e.differs), e.before, e.after) for e in comparison.examples
    ]
    head = ["document", "state", "differs in", "before", "after"]
    return table("The first of each kind, by id.", head, rows, text=(0, 1, 2, 3, 4))
