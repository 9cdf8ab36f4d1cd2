"""The table at the end of a run: documents and tokens in and out of each stage, by reason."""

from __future__ import annotations

from collections.abc import Sequence

from jobs.steps.mix import summary as mixture
from jobs.tables.runs import Record

_HEAD = ("stage", "in", "out", "tokens in", "tokens out", "seconds", "left out")


def lines(records: Sequence[Record]) -> list[str]:
    """A line a stage, and one for each reason after its first; then what each job says of its parts.

    Tokens are counted when the corpus is made; for the stages before it they are estimated from
    the characters, at the corpus's own rate, and marked so.
    """
    rate = tokens_a_character(records)
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
        table += _strata(record)
    return table


def _strata(record: Record) -> list[str]:
    """What a job says of each part of what it wrote."""
    strata = record.details.get("strata")
    if not strata:
        return []
    if record.job == "mix":
        return ["", *aligned([mixture.HEAD, *mixture.rows(strata)], left=(0,))]
    head = [record.job if name == "stratum" else name for name in strata[0]]
    rows = [
        [f"{value:,}" if isinstance(value, int | float) else value for value in each.values()]
        for each in strata
    ]
    return ["", *aligned([head, *rows], left=(0,))]


def aligned(rows: Sequence[Sequence[str]], left: Sequence[int]) -> list[str]:
    """Columns of equal width, numbers to the right."""
    columns = range(len(rows[0]))
    widths = [max(len(row[i]) for row in rows) for i in columns]
    return [
        "  ".join(
            row[i].ljust(widths[i]) if i in left else row[i].rjust(widths[i]) for i in columns
        ).rstrip()
        for row in rows
    ]


def name(record: Record) -> str:
    """What a stage is called."""
    return " ".join([record.job, *record.details.get("what", [])])


def tokens(counted: int | None, characters: int | None, rate: float | None) -> str:
    """Tokens as counted, or estimated by a rate and marked so; nothing where neither is known."""
    if counted is not None:
        return f"{counted:,}"
    if characters is None or rate is None:
        return ""
    return f"~{characters * rate:,.0f}"


def tokens_a_character(records: Sequence[Record]) -> float | None:
    """The rate of the first run that counted both; None where none did."""
    for record in records:
        if record.tokens_out and record.characters_out:
            return record.tokens_out / record.characters_out
    return None
