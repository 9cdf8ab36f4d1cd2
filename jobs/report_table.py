"""The table at the end of a run: documents and tokens in and out of each stage, by reason."""

from __future__ import annotations

from collections.abc import Sequence

from jobs.runs import Record

_HEAD = ("stage", "in", "out", "tokens in", "tokens out", "seconds", "left out")


def lines(records: Sequence[Record]) -> list[str]:
    """A line a stage, and one for each reason after its first.

    Tokens are counted when the corpus is made; for the stages before it they are estimated from
    the characters, at the corpus's own rate, and marked so.
    """
    rate = _tokens_a_character(records)
    rows = [_HEAD]
    for record in records:
        reasons = [f"{n:,} {reason}" for reason, n in record.reasons.items()] or [""]
        rows.append(
            (
                _name(record),
                f"{record.rows_in:,}",
                f"{record.rows_out:,}",
                _tokens(record.tokens_in, record.characters_in, rate),
                _tokens(record.tokens_out, record.characters_out, rate),
                f"{record.seconds:.1f}",
                reasons[0],
            )
        )
        rows += [("", "", "", "", "", "", reason) for reason in reasons[1:]]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_HEAD))]
    return [_line(row, widths) for row in rows]


def _name(record: Record) -> str:
    return " ".join([record.job, *record.details.get("what", [])])


def _tokens(tokens: int | None, characters: int | None, rate: float | None) -> str:
    if tokens is not None:
        return f"{tokens:,}"
    if characters is None or rate is None:
        return ""
    return f"~{characters * rate:,.0f}"


def _tokens_a_character(records: Sequence[Record]) -> float | None:
    for record in records:
        if record.tokens_out and record.characters_out:
            return record.tokens_out / record.characters_out
    return None


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [row[0].ljust(widths[0])]
    cells += [cell.rjust(width) for cell, width in zip(row[1:-1], widths[1:-1], strict=True)]
    return "  ".join([*cells, row[-1]]).rstrip()
