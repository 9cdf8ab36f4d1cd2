"""Compare two roots, versions of a table or exports: what came, went and changed, and why."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timezone

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs import storage
from jobs.runtime.context import Context
from jobs.runtime.package_versions import own
from jobs.steps.compare import causes, reasons, rows, sections
from jobs.steps.compare.comparison import Comparison, Example, excerpts, lines
from jobs.steps.compare.rows import CAME, WENT
from jobs.steps.compare.sides import Side, open_side
from jobs.steps.report.page import page
from schemas.errors import UserError
from schemas.settings.compare import CompareConfig


def run(context: Context, config: CompareConfig) -> Comparison:
    """Compare, print the result, and write a page where one is asked for.

    Raises
    ------
    UserError
        A side is no root, version or folder of documents.
    """
    if config.output is not None and not config.output.endswith(".html"):
        raise UserError(f"--output: expected a file such as compare.html, not {config.output!r}")
    before = open_side(context, config.before, config.table)
    after = open_side(context, config.after, config.table)
    pairs = rows.joined(before, after)
    counts = rows.counts(pairs)
    comparison = Comparison(
        table=config.table,
        names=(before.name, after.name),
        hashes=(before.content_hash, after.content_hash),
        counts=counts,
        reasons={
            state: reasons.count(pairs.where(F.col("state") == state), side)
            for state, side in ((WENT, after), (CAME, before))
            if counts.states[state]
        },
        causes=causes.find(before, after),
        examples=_examples(pairs, before, after, config.examples),
    )
    for line in lines(comparison):
        context.print(line)
    if config.output is not None:
        _write(context, comparison, config.output)
    return comparison


def _examples(pairs: DataFrame, before: Side, after: Side, n: int) -> list[Example]:
    by_state = rows.first(pairs, n)
    keys = [row["key"] for rows_of_state in by_state.values() for row in rows_of_state]
    texts = [rows.texts(side, keys) for side in (before, after)]
    return [
        Example(
            row["id"], state, row["differs"] or [], *excerpts(*(t.get(row["key"]) for t in texts))
        )
        for state in rows.STATES
        for row in by_state.get(state, ())
    ]


def _write(context: Context, comparison: Comparison, output: str) -> None:
    now = f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC"
    name = " → ".join(comparison.names)
    content = page(name, now, own(), list(sections.sections(comparison)), title="Comparison")
    numbers = json.dumps(comparison.numbers(), indent=1, ensure_ascii=False) + "\n"
    for uri, text in ((output.removesuffix("html") + "json", numbers), (output, content)):
        # UTF-8 has no surrogates; escaped they are valid JSON
        storage.write_bytes(uri, text.encode("utf-8", "backslashreplace"))
        context.print(f"wrote {uri}")


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["compare", *sys.argv[1:]]))
