"""A comparison as lines for a terminal and as numbers for JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from jobs.steps.compare.causes import TableCauses
from jobs.steps.compare.rows import CAME, CHANGED, SAME, STATES, WENT, Counts
from jobs.steps.report.run_summary import aligned

_AROUND = 40  # characters shown on each side of the first difference of two texts


@dataclass(frozen=True)
class Example:
    """A document that came, went or changed.

    Attributes
    ----------
    differs
        Columns that differ.
    before, after
        The texts around their first difference; None on a side that lacks the document.
    """

    id: str
    state: str
    differs: list[str]
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Comparison:
    """The differences between two sides.

    Attributes
    ----------
    names
        Of both sides.
    hashes
        The content hashes; None where one is not known.
    reasons
        Why the side after lacks what went, and the side before what came.
    """

    table: str
    names: tuple[str, str]
    hashes: tuple[str | None, str | None]
    counts: Counts
    reasons: dict[str, dict[str, int]]
    causes: list[TableCauses]
    examples: list[Example]

    @property
    def is_equal(self) -> bool:
        """Return whether no document came, went or changed."""
        return not any(self.counts.states[state] for state in (CAME, WENT, CHANGED))

    def numbers(self) -> dict[str, Any]:
        """Return all figures as JSON holds them."""
        return {**asdict(self), "equal": self.is_equal}


def excerpts(before: str | None, after: str | None) -> tuple[str | None, str | None]:
    """Return two texts around the first place where they differ; their beginnings if only one is there.

    >>> excerpts("the same, and then this", "the same, and then that")
    ('the same, and then this', 'the same, and then that')
    """
    if before is None or after is None:
        return before and _cut(before, 0), after and _cut(after, 0)
    pairs = zip(before, after, strict=False)
    at = next((i for i, (x, y) in enumerate(pairs) if x != y), min(len(before), len(after)))
    return _cut(before, at), _cut(after, at)


def _cut(text: str, at: int) -> str:
    start, end = max(0, at - _AROUND), at + _AROUND
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def lines(comparison: Comparison) -> Iterator[str]:
    """Yield the lines for a terminal: the result first, then by group, reason and cause."""
    states = comparison.counts.states
    before, after = comparison.names
    yield f"before  {before}"
    yield f"after   {after}"
    if comparison.is_equal:
        yield f"equal: {states[SAME]:,} documents of {comparison.table}"
    else:
        numbers = ", ".join(f"{states[state]:,} {state}" for state in STATES)
        yield f"documents of {comparison.table}: {numbers}"
    for name, count in comparison.counts.columns.items():
        yield f"  {count:,} differ in {name}"
    for group in () if comparison.is_equal else comparison.counts.groups:
        rows = [(name or "–", counts) for name, counts in group.rows.items()]
        rows += [("others", group.others)] if group.others else []
        moved = [(name, counts) for name, counts in rows if _moved(counts)]
        if moved:
            yield ""
            cells = [[name, *(f"{counts[state]:,}" for state in STATES)] for name, counts in moved]
            yield from aligned([[group.name, *STATES], *cells], left=(0,))
    for state, counts in comparison.reasons.items():
        if counts:
            yield ""
            yield _because(state)
            yield from (f"  {n:,} {reason}" for reason, n in counts.items())
    yield from _cause_lines(comparison)
    if comparison.examples:
        yield ""
        yield "first documents that differ"
    for example in comparison.examples:
        columns = f" in {', '.join(example.differs)}" if example.differs else ""
        yield f"  {example.state} {example.id}{columns}"
        for sign, text in (("-", example.before), ("+", example.after)):
            if text is not None and (example.state != CHANGED or "text" in example.differs):
                yield f"    {sign} {' '.join(text.split())}"


def _cause_lines(comparison: Comparison) -> Iterator[str]:
    if not comparison.causes:
        return
    yield ""
    rows = [
        [cause.table, *(f"{n:,}" if n is not None else "–" for n in cause.rows), equality(cause)]
        for cause in comparison.causes
    ]
    yield from aligned([["table", "before", "after", "rows are"], *rows], left=(0, 3))
    for cause in comparison.causes:
        for name, old, new in cause.differences:
            yield f"  {cause.table}: {name}: {value(old)} -> {value(new)}"


def equality(cause: TableCauses) -> str:
    """Return in a word whether a table's rows are equal."""
    return {None: "not known", True: "equal", False: "different"}[cause.is_equal]


def value(setting: Any) -> str:
    """Return a setting as shown; a dash for none."""
    return "–" if setting is None else f"{setting}"


def _moved(counts: Mapping[str, int]) -> bool:
    return any(counts[state] for state in (CAME, WENT, CHANGED))


def _because(state: str) -> str:
    if state == WENT:
        return "what went, by what the root after says of it"
    return "what came, by what the root before says of it"
