"""From a row to where it comes from: the raw record in its archive, and what each job decided."""

from __future__ import annotations

import sys

from jobs.runtime.context import Context
from jobs.steps.trace import output
from jobs.steps.trace.document_trace import Traced
from schemas.errors import UserError
from schemas.settings.trace import TraceConfig
from udfs.text_diff.terminal import visible


def run(context: Context, config: TraceConfig) -> list[Traced]:
    """Say of each document where it comes from and what became of it; nothing is changed.

    Raises
    ------
    UserError
        No table has one of the ids, which is told after the others; `--raw` finds no record.
    """
    if config.raw and (len(config.id) > 1 or config.json):
        raise UserError("--raw writes one record: give one id, and not --json")
    found, unknown = Traced.of(context, config.id, record_only=config.raw)
    if config.raw and found:
        output.write_raw(context, found[0])
    for each in found if not config.raw else ():
        if config.json:
            context.print(output.as_json(each))
        else:
            output.say(context, each)
    if unknown:
        raise UserError(visible(unknown))
    return found


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["trace", *sys.argv[1:]]))
