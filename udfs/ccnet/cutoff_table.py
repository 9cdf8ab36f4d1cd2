"""Write CCNet's `cutoff.csv`: perplexities, one column per language and one row per percentile.

`udfs.ccnet.buckets` reads the file; `redpajama train perplexity` adds the column of a new model.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import numpy as np

from udfs.ccnet.buckets import CCNET_CUTOFFS, HEAD_PERCENTILE, TAIL_PERCENTILE

PERCENTILES = range(101)


def with_column(table: str | None, language: str, values: Sequence[float]) -> str:
    """Return a table with a language's column added or replaced; other columns are unchanged.

    Parameters
    ----------
    table
        The text of a valid table (see `udfs.ccnet.buckets.Cutoffs.load`), whose rows are kept. None
        starts a table with the percentiles from 0 to 100.
    values
        The perplexities at the percentiles from 0 to 100; other percentiles are interpolated.
    """
    empty = [[""], *[[str(percentile)] for percentile in PERCENTILES]]
    rows = [row for row in csv.reader(io.StringIO(table)) if row] if table else empty
    languages = [name.strip() for name in rows[0]]
    column = languages.index(language, 1) if language in languages[1:] else len(languages)
    rows[0][column:] = [language, *rows[0][column + 1 :]]
    for row in rows[1:]:
        value = np.interp(float(row[0]), PERCENTILES, values)
        row[column:] = [f"{value:.1f}", *row[column + 1 :]]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def ccnet_table(languages: Iterable[str]) -> str | None:
    """Return a table of CCNet's own cut-offs for these languages, rows 30 and 60 only.

    None if CCNet has cut-offs for none of them.
    """
    known = sorted(set(languages) & CCNET_CUTOFFS.keys())
    if not known:
        return None
    rows: list[list[str]] = [["", *known]]
    for index, percentile in enumerate((HEAD_PERCENTILE, TAIL_PERCENTILE)):
        values = [f"{CCNET_CUTOFFS[language][index]:g}" for language in known]
        rows.append([str(percentile), *values])
    return "".join(",".join(row) + "\n" for row in rows)
