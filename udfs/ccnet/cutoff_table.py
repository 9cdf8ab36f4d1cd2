"""CCNet's `cutoff.csv`: a column a language, a row a percentile of perplexities."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import numpy as np

from udfs.ccnet.buckets import CCNET_CUTOFFS, HEAD_PERCENTILE, TAIL_PERCENTILE

PERCENTILES = range(101)


def with_column(table: str | None, language: str, values: Sequence[float]) -> str:
    """Add a language's column to a table, or replace it; the other columns stay as they are.

    Parameters
    ----------
    table
        A valid table (`udfs.ccnet.buckets.Cutoffs.load`), whose rows are kept; without one, a row
        each percentile from 0 to 100.
    values
        The perplexities at these 101 percentiles.
    """
    empty = [[""], *[[str(percentile)] for percentile in PERCENTILES]]
    rows = [row for row in csv.reader(io.StringIO(table)) if row] if table else empty
    names = [name.strip() for name in rows[0]]
    at = names.index(language, 1) if language in names[1:] else len(names)
    rows[0][at:] = [language, *rows[0][at + 1 :]]
    for row in rows[1:]:
        value = np.interp(float(row[0]), PERCENTILES, values)
        row[at:] = [f"{value:.1f}", *row[at + 1 :]]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def ccnet_table(languages: Iterable[str]) -> str | None:
    """CCNet's own cut-offs of these languages, the two rows that count; None if it has none."""
    known = sorted(set(languages) & CCNET_CUTOFFS.keys())
    if not known:
        return None
    rows: list[list[str]] = [["", *known]]
    for place, percentile in enumerate((HEAD_PERCENTILE, TAIL_PERCENTILE)):
        rows.append([str(percentile), *[f"{CCNET_CUTOFFS[each][place]:g}" for each in known]])
    return "".join(",".join(row) + "\n" for row in rows)
