"""Text table of documents and tokens in and out of each stage, and of the reasons of drops."""

from __future__ import annotations

from collections.abc import Sequence

from jobs.steps.mix import summary as mixture
from jobs.tables.runs import Record

PARTS = {
    "strata": "by stratum",
    "blocklists": "by block list: entries, documents that are on it, and those that it dropped",
    "replaced": "what was replaced in the texts, and in how many documents",
}
"""Tables that a run may have in the details of its record, and what they hold."""

_HEAD = ("stage", "in", "out", "tokens in", "tokens out", "seconds", "left out")


def lines(records: Sequence[Record]) -> list[str]:
    """Return the lines: a row for each stage, one for each further reason, and tables of `PARTS`.

    Tokens are counted by curate; for the stages before it they are estimated from the characters, by
    the ratio in corpus/, and marked by ~.
    """
    rate = tokens_per_character(records)
    rows: list[Sequence[str]] = [_HEAD]
    for record in records:
        reasons = [f"{n:,} {reason}" for reason, n in record.reasons.items()] or [""]
        rows.append(
            (
                name(record),
                f"{record.rows_in:,}",
                f"{record.rows_out:,}",
                tokens(record.tokens_in, record.characters_in, rate),
                tokens(record.tokens_out, record.characters_out, rate),
                f"{record.seconds:.1f}",
                reasons[0],
            )
        )
        rows += [("", "", "", "", "", "", reason) for reason in reasons[1:]]
    table = aligned(rows, left=(0, len(_HEAD) - 1))
    for record in records:
        for part in PARTS:
            table += _part(record, part)
    return table


def _part(record: Record, part: str) -> list[str]:
    """Return a table of what a run recorded by stratum, list or kind."""
    counts = record.details.get(part)
    if not counts:
        return []
    if record.job == "mix":
        return ["", *aligned([mixture.HEAD, *mixture.rows(counts)], left=(0,))]
    head = [record.job if name == "stratum" else name for name in counts[0]]
    rows = [
        [f"{value:,}" if isinstance(value, int | float) else value for value in row.values()]
        for row in counts
    ]
    text = [i for i, value in enumerate(counts[0].values()) if isinstance(value, str)]
    return ["", *aligned([head, *rows], left=text)]


def aligned(rows: Sequence[Sequence[str]], left: Sequence[int]) -> list[str]:
    """Return a line for each row, columns padded to equal width; right-aligned but for `left`."""
    columns = range(len(rows[0]))
    widths = [max(len(row[i]) for row in rows) for i in columns]
    return [
        "  ".join(
            row[i].ljust(widths[i]) if i in left else row[i].rjust(widths[i]) for i in columns
        ).rstrip()
        for row in rows
    ]


def name(record: Record) -> str:
    """Return the name of a stage."""
    return " ".join([record.job, *record.details.get("what", [])])


def tokens(counted: int | None, characters: int | None, rate: float | None) -> str:
    """Return the counted tokens, else an estimate marked by ~; nothing if neither is known."""
    if counted is not None:
        return f"{counted:,}"
    if characters is None or rate is None:
        return ""
    return f"~{characters * rate:,.0f}"


def tokens_per_character(records: Sequence[Record]) -> float | None:
    """Return the ratio of the first run that counted tokens and characters; None if none did."""
    for record in records:
        if record.tokens_out and record.characters_out:
            return record.tokens_out / record.characters_out
    return None
